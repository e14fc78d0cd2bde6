/**
 * Measures the overhead of telemetry: CPU per request, latency, startup and memory, without telemetry,
 * with OpenTelemetry's defaults, and with the setup of this app. The variants take turns, so that other
 * load of the machine affects all of them; the medians of all rounds are printed.
 *
 *   npm run bench [-- --rounds 3 --requests 6000 --rate 600 --json]
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Cost, measure } from './measure.ts';
import { variants } from './variants.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    requests: { type: 'string', default: '6000' },
    rate: { type: 'string', default: '600' },
    json: { type: 'boolean', default: false },
  },
});
const load = { requests: Number(values.requests), rate: Number(values.rate) };
const targets = { cpuRatio: 1.6, startCpu: 1600 };

const sink = fork(join(import.meta.dirname, 'sink.ts'), { execArgv: process.execArgv });
// Also when a variant fails.
process.once('exit', () => sink.kill());
const [{ port }] = await once(sink, 'message');
const costs = new Map<string, Cost[]>(variants.map(({ name }) => [name, []]));
for (let round = 1; round <= Number(values.rounds); round += 1) {
  for (const variant of variants) {
    const cost = await measure(variant, `http://127.0.0.1:${port}`, load);
    costs.get(variant.name)?.push(cost);
    await requireSignals(variant.name, variant.sends);
    if (!values.json) console.error(`round ${round}: ${variant.name} done`);
  }
}

/** Fails if a variant does not send the expected signals. */
async function requireSignals(name: string, sends: boolean): Promise<void> {
  sink.send('received');
  const [received] = await once(sink, 'message');
  const signals = Object.keys(received).sort().join(' ');
  const wanted = sends ? '/v1/logs /v1/metrics /v1/traces' : '';
  if (signals === wanted) return;
  console.error(`variant ${name} sent "${signals}" instead of "${wanted}"`);
  process.exit(1);
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

const keys = ['cpuPerRequest', 'p50', 'p99', 'startCpu', 'startRss', 'rss'] as const;
const medians = [...costs].map(([name, all]) => ({
  name,
  ...Object.fromEntries(keys.map((key) => [key, median(all.map((cost) => cost[key]))])),
})) as ({ name: string } & Cost)[];
const off = medians[0]?.cpuPerRequest ?? Number.NaN;

if (values.json) {
  console.log(JSON.stringify({ node: process.version, ...load, medians }));
} else {
  console.table(
    medians.map(({ name, cpuPerRequest, p50, p99, startCpu, startRss, rss }) => ({
      variant: name,
      'CPU µs/request': Math.round(cpuPerRequest),
      'against off': (cpuPerRequest / off).toFixed(2),
      'P50 ms': p50,
      'P99 ms': p99,
      'start CPU ms': Math.round(startCpu),
      'start MB': Math.round(startRss / 1e6),
      'then MB': Math.round(rss / 1e6),
    })),
  );
  console.log(
    `targets for ours: at most ${targets.cpuRatio} times off, ${targets.startCpu} ms to start`,
  );
}
// The channel of the sink would keep this process alive.
process.exit();
