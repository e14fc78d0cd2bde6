import { configFiles, kindAndName, type Manifest } from './manifest.ts';

const words = 'password|passwd|secret|token|api_?key|private_?key|credentials';

/** A literal value after one of these words; a path is allowed. */
const literal = new RegExp(`\\b\\w*(${words})\\w*["']?\\s*[:=]\\s*["']?(?!/)[^\\s"'{\\[]`, 'i');

/** Whether a line of a configuration holds a password or the like, and not the path of its file. */
export function holdsSecret(line: string): boolean {
  return literal.test(line);
}

/** The objects, variables and lines of configurations that hold a secret, which belongs in no manifest. */
export function secretMistakes(manifests: readonly Manifest[]): string[] {
  return [
    ...manifests
      .filter(({ kind }) => kind === 'Secret')
      .map((manifest) => `${kindAndName(manifest)}: wanted no Secret, but a reference to one`),
    ...manifests.flatMap((manifest) =>
      variablesOf(manifest).map((name) => `${kindAndName(manifest)}: variable ${name} has a value`),
    ),
    ...configFiles(manifests).flatMap(({ configMap, file, text }) =>
      text
        .split('\n')
        .flatMap((line, index) =>
          holdsSecret(line) ? [`ConfigMap ${configMap}: ${file}:${index + 1} holds a secret`] : [],
        ),
    ),
  ];
}

/** The variables of its containers that have the name of a secret and a value, which is no path. */
function variablesOf(manifest: Manifest): string[] {
  const { containers = [], initContainers = [] } = manifest.spec?.template?.spec ?? {};
  const variables: { name: string; value?: string }[] = [...initContainers, ...containers].flatMap(
    ({ env }) => env ?? [],
  );
  return variables
    .filter(({ name, value = '/' }) => new RegExp(words, 'i').test(name) && !value.startsWith('/'))
    .map(({ name }) => name);
}
