import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { doctorFiles } from '../../lib/jobs/doctor-names.ts';
import type { Plan } from './model/plan.ts';

/** The files that the doctor's pod needs beside Node, by name. */
export async function bundle(plan: Plan): Promise<Record<string, string>> {
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, 'in-pod.ts')],
    bundle: true,
    write: false,
    platform: 'node',
    target: 'node20',
    // Packages that call require() cannot be part of a module.
    format: 'cjs',
    define: { 'import.meta.dirname': '__dirname' },
    // A ConfigMap holds 1 MiB, and licences stay in this repository.
    minify: true,
    legalComments: 'none',
    logLevel: 'silent',
  });
  return {
    [doctorFiles.program]: outputFiles.map(({ text }) => text).join(''),
    [doctorFiles.plan]: JSON.stringify(plan),
    [doctorFiles.messages]: readFileSync(
      join(import.meta.dirname, 'probe', doctorFiles.messages),
      'utf8',
    ),
  };
}
