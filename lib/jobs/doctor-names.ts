/** What the doctor within the cluster and the pod that it runs in agree on. Free of imports: it is bundled. */

/** Name of the Job and, at its beginning, of all that comes with it. */
export const doctorName = 'doctor';

/** The files in its working directory: the program, what it is to do, and the messages of OTLP. */
export const doctorFiles = {
  program: 'doctor.cjs',
  plan: 'plan.json',
  messages: 'otlp.proto',
} as const;

/** The variables that hold Grafana's login. */
export const doctorLogin = { user: 'GRAFANA_USER', password: 'GRAFANA_PASSWORD' } as const;
