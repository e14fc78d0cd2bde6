import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { doctorFileNames } from '../../lib/jobs/doctor-job-contract.ts';
import type { DoctorPlan } from './model/doctor-plan.ts';

/** The files of the doctor's pod, by name. */
export async function bundle(plan: DoctorPlan): Promise<Record<string, string>> {
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, 'pod-main.ts')],
    bundle: true,
    write: false,
    platform: 'node',
    target: 'node20',
    // Packages that call require() cannot be part of a module.
    format: 'cjs',
    define: { 'import.meta.dirname': '__dirname', 'import.meta.filename': '__filename' },
    // A ConfigMap holds 1 MiB, and licences stay in this repository.
    minify: true,
    legalComments: 'none',
    logLevel: 'silent',
  });
  return {
    [doctorFileNames.program]: outputFiles.map(({ text }) => text).join(''),
    [doctorFileNames.plan]: JSON.stringify(plan),
    [doctorFileNames.messages]: readFileSync(
      join(import.meta.dirname, 'probe', doctorFileNames.messages),
      'utf8',
    ),
  };
}
