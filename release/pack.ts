import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

/** Builds the package, and returns the path of its tarball in a directory. */
export function pack(directory: string): string {
  mkdirSync(directory, { recursive: true });
  const output = execFileSync(
    'npm',
    ['pack', '--pack-destination', directory, '--loglevel=error'],
    {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  return join(directory, output.trim().split('\n').at(-1) ?? '');
}
