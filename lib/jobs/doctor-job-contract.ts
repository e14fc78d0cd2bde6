/**
 * Names that the doctor's Job and the program in its pod share. No imports: this file is bundled
 * into the program.
 */

/** Name of the Job and its ConfigMap, and prefix of the names of its NetworkPolicies. */
export const doctorJobName = 'doctor';

/**
 * The files in the working directory: the program, its input and the protobuf definition of OTLP.
 */
export const doctorFileNames = {
  program: 'doctor.cjs',
  plan: 'plan.json',
  messages: 'otlp.proto',
} as const;

/** The environment variables with Grafana's login. */
export const doctorLoginVariables = { user: 'GRAFANA_USER', password: 'GRAFANA_PASSWORD' } as const;
