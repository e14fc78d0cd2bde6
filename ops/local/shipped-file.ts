import { join } from 'node:path';

/** Whether this is TypeScript in a checkout of the repository, not JavaScript in the package. */
export const isCheckout = import.meta.filename.endsWith('.ts');

/** The path of a file that the package has too, by its path in the repository. */
export function shippedFile(path: string): string {
  return join(import.meta.dirname, '../..', path);
}
