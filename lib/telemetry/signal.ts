/** The three signals of OpenTelemetry. */
export const signals = ['metrics', 'logs', 'traces'] as const;
export type Signal = (typeof signals)[number];
