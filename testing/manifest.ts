import type { App } from 'cdk8s';

/** A Kubernetes object; fields beside the metadata are untyped. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  // biome-ignore lint/suspicious/noExplicitAny: each kind has its own shape
  readonly [field: string]: any;
}

/** Every object of an App, as `synth()` writes it. */
export function manifestsOf(app: App): Manifest[] {
  return app.charts.flatMap((chart) => chart.toJson() as Manifest[]);
}

export const kindAndName = ({ kind, metadata }: Manifest) => `${kind} ${metadata.name}`;

/** Every file of every ConfigMap. */
export function configFiles(manifests: readonly Manifest[]) {
  return manifests
    .filter(({ kind }) => kind === 'ConfigMap')
    .flatMap(({ metadata, data }) =>
      Object.entries((data ?? {}) as Record<string, string>).map(([file, text]) => ({
        configMap: metadata.name,
        file,
        text,
      })),
    );
}
