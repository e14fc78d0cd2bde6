/**
 * Names that the doctor's Job and the program in its pod share. No imports: this file is bundled
 * into the program.
 */

/** Name of the Job and its ConfigMap, and prefix of the names of its NetworkPolicies. */
export const doctorJobName = 'doctor';

/**
 * The files in the working directory: the program, compressed with Brotli, its input and the protobuf
 * definition of OTLP.
 */
export const doctorFileNames = {
  program: 'doctor.cjs.br',
  plan: 'plan.json',
  messages: 'otlp.proto',
} as const;

/** The files by name, as a ConfigMap has them. */
export interface DoctorFiles {
  readonly data: Readonly<Record<string, string>>;
  /** In base64. */
  readonly binaryData: Readonly<Record<string, string>>;
}

/** Runs the program in the working directory. */
export const doctorCommand = [
  'node',
  '--eval',
  `const program = require('fs').readFileSync('${doctorFileNames.program}');
const path = require('path').resolve('doctor.cjs');
module._compile(require('zlib').brotliDecompressSync(program).toString(), path);`,
] as const;

/** The environment variables with Grafana's login. */
export const doctorLoginVariables = { user: 'GRAFANA_USER', password: 'GRAFANA_PASSWORD' } as const;
