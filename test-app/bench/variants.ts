/** How much telemetry the app sends. */
export interface Variant {
  readonly name: string;
  readonly nodeArgs: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Whether it is to send anything. */
  readonly sends: boolean;
}

export const variants: readonly Variant[] = [
  { name: 'off', nodeArgs: [], env: {}, sends: false },
  {
    name: 'default',
    nodeArgs: [
      // Without this loader an ES module's import of Koa is not instrumented.
      '--experimental-loader=@opentelemetry/instrumentation/hook.mjs',
      '--import=@opentelemetry/auto-instrumentations-node/register',
    ],
    // The app has a transport of its own; with winston's instrumentation each line would go twice.
    env: { OTEL_NODE_DISABLED_INSTRUMENTATIONS: 'winston' },
    sends: true,
  },
  { name: 'ours', nodeArgs: ['--import=./telemetry.ts'], env: {}, sends: true },
];

/** What is asked of the app: one request that reads the database. */
export const role = { ROLE: 'orders', PAYMENTS_URL: 'http://127.0.0.1:9' };
export const path = '/api/users/1';
