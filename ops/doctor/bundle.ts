import { readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { build, type Plugin } from 'esbuild';
import { type DoctorFiles, doctorFileNames } from '../../lib/jobs/doctor-job-contract.ts';
import type { DoctorPlan } from './model/doctor-plan.ts';

/** Leaves out zod's messages in other languages, which are a third of the program. */
const withoutLocales: Plugin = {
  name: 'without-locales',
  setup(context) {
    context.onLoad({ filter: /[/\\]zod[/\\]v4[/\\]locales[/\\]index\.js$/ }, () => ({
      contents: '',
    }));
  },
};

export async function bundle(plan: DoctorPlan): Promise<DoctorFiles> {
  const { outputFiles } = await build({
    // Of TypeScript in a checkout, of JavaScript in the package.
    entryPoints: [join(import.meta.dirname, `pod-main${extname(import.meta.filename)}`)],
    bundle: true,
    write: false,
    platform: 'node',
    target: 'node20',
    // Packages that call require() cannot be part of a module.
    format: 'cjs',
    define: { 'import.meta.dirname': '__dirname', 'import.meta.filename': '__filename' },
    plugins: [withoutLocales],
    // For its size in a ConfigMap; licences stay in this repository.
    minify: true,
    legalComments: 'none',
    logLevel: 'silent',
  });
  const program = brotliCompressSync(outputFiles[0]?.contents ?? '');
  const messages = join(import.meta.dirname, 'probe', doctorFileNames.messages);
  return {
    data: {
      [doctorFileNames.plan]: JSON.stringify(plan),
      [doctorFileNames.messages]: readFileSync(messages, 'utf8'),
    },
    binaryData: { [doctorFileNames.program]: program.toString('base64') },
  };
}
