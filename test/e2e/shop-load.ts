import { z } from 'zod';
import { kubectl } from '../../ops/cluster/kubectl.ts';
import { session } from './cluster.ts';

const resultSchema = z.object({
  /** Number of responses by status; `0` for requests without a response. */
  statuses: z.record(z.string(), z.number()),
  p50: z.number(),
  p99: z.number(),
});

/**
 * Runs in a pod of the cluster: sends requests at a constant rate over keep-alive connections, as other
 * services do.
 */
async function sendRequests(url: string, rate: number, seconds: number): Promise<void> {
  const statuses: Record<string, number> = {};
  const times: number[] = [];
  const send = async () => {
    const start = performance.now();
    const answer = await fetch(url, { signal: AbortSignal.timeout(10_000) }).catch(() => undefined);
    await answer?.text();
    const status = answer?.status ?? 0;
    statuses[status] = (statuses[status] ?? 0) + 1;
    times.push(performance.now() - start);
  };
  const sent: Promise<void>[] = [];
  for (let n = 0; n < rate * seconds; n += 1) {
    sent.push(send());
    await new Promise((resolve) => setTimeout(resolve, 1000 / rate));
  }
  await Promise.all(sent);
  times.sort((a, b) => a - b);
  const quantile = (q: number) => times[Math.floor(q * times.length)] ?? 0;
  console.log(JSON.stringify({ statuses, p50: quantile(0.5), p99: quantile(0.99) }));
}

/** Sends requests to the shop from the pod of the customers. */
export async function loadShop(path: string, rate: number, seconds: number) {
  const script = `${sendRequests}; sendRequests(process.env.SHOP_URL + ${JSON.stringify(path)}, ${rate}, ${seconds})`;
  const args = ['exec', 'deployment/customers', '--', 'node', '--eval', script];
  return resultSchema.parse(JSON.parse(await kubectl(session.target, args)));
}
