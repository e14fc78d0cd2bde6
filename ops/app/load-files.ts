import { readFileSync } from 'node:fs';
import { join, normalize } from 'node:path';

/** The test app's directory, in which the script of the load test is `load/k6.ts`. */
const root = 'test-app';

/** A script and all that it imports by relative path, by their paths below test-app/. */
export function loadFiles(script = 'load/k6.ts'): Record<string, string> {
  const files: Record<string, string> = {};
  const add = (path: string): void => {
    if (path in files) return;
    const text = readFileSync(join(root, path), 'utf8');
    files[path] = text;
    for (const [, imported = ''] of text.matchAll(/ from '(\.[^']+)'/g)) {
      add(normalize(join(path, '..', imported)));
    }
  };
  add(script);
  return files;
}
