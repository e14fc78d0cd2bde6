import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderYaml } from '../lib/model/config-file.ts';

/**
 * Of the three names that kustomize accepts, the one that `kubectl apply -f dist/` does not read: it takes
 * every file that ends in .yaml or .json for an object of the cluster.
 */
export const kustomizationFile = 'Kustomization';

/** Writes the kustomization of a directory of manifests, the base of overlays. */
export function writeKustomization(outdir: string, files: readonly string[]): void {
  const kustomization = {
    apiVersion: 'kustomize.config.k8s.io/v1beta1',
    kind: 'Kustomization',
    resources: files,
  };
  writeFileSync(join(outdir, kustomizationFile), renderYaml(kustomization));
}
