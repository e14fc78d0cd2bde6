import { join } from 'node:path';

/** The path of a file that the package has too, by its path in the repository. */
export function shippedFile(path: string): string {
  return join(import.meta.dirname, '../..', path);
}
