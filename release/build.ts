import { execFileSync } from 'node:child_process';
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { backupPrograms } from '../lib/backup/backup.ts';
import { kindConfigFile } from '../ops/local/kind.ts';
import { scriptWithImports } from '../ops/test-app/load.ts';

/** `npm run build`: compiles the package to .build/package. */

const outdir = '.build/package';

/** Files that the program reads as they are. */
const data = [
  kindConfigFile,
  ...backupPrograms,
  'lib/collector/queue-check/check-queue.ts',
  'ops/doctor/probe/otlp.proto',
  ...Object.keys(scriptWithImports()).map((path) => join('test-app', path)),
];

rmSync(outdir, { recursive: true, force: true });
execFileSync('npx', ['tsc', '--project', 'tsconfig.package.json'], { stdio: 'inherit' });
for (const file of data) cpSync(file, join(outdir, file));
