export interface Variant {
  readonly name: string;
  readonly nodeArgs: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Whether it must send telemetry. */
  readonly sends: boolean;
}

export const variants: readonly Variant[] = [
  { name: 'off', nodeArgs: [], env: {}, sends: false },
  {
    name: 'default',
    nodeArgs: [
      // Without this loader, imports of Koa by ES modules are not instrumented.
      '--experimental-loader=@opentelemetry/instrumentation/hook.mjs',
      '--import=@opentelemetry/auto-instrumentations-node/register',
    ],
    // The app has its own transport: the winston instrumentation would send each line twice.
    env: { OTEL_NODE_DISABLED_INSTRUMENTATIONS: 'winston' },
    sends: true,
  },
  { name: 'ours', nodeArgs: ['--import=./telemetry.ts'], env: {}, sends: true },
];

/** The benchmarked request, which reads the database. */
export const role = { ROLE: 'orders', PAYMENTS_URL: 'http://127.0.0.1:9' };
export const path = '/api/users/1';
