import { randomBytes } from 'node:crypto';
import { bulkhead } from 'cockatiel';
import { z } from 'zod';
import { encodeRequest, protobufType } from '../../bench/otlp/messages.ts';
import { stackMetrics } from '../../lib/telemetry/stack.ts';
import { kubectlJson } from '../../ops/cluster/kubectl.ts';
import { podSchema, restartsOf } from '../../ops/cluster/pods.ts';
import { RetryLater } from '../../ops/process/retry.ts';
import { parsePage, sumSamples } from '../../ops/stores/exposition.ts';
import { fetchJson, fetchText } from '../../ops/stores/http.ts';
import { internalSpan, nanoseconds, tracesRequest } from '../../ops/stores/otlp.ts';
import { startStatefulSet, stopStatefulSet } from './claim-pod.ts';
import { eventually, nowSeconds, session, withUrls } from './cluster.ts';

/** Many more than Tempo's default limit of live traces, in requests of an ordinary size. */
const [requests, tracesPerRequest] = [120, 500];
const service = `backlog-${randomBytes(4).toString('hex')}`;
const start = nowSeconds();

afterAll(() => startStatefulSet('tempo'));

/** A request in which every span is a trace. */
function oneSpanTraces(): Uint8Array<ArrayBuffer> {
  const at = nanoseconds(Date.now());
  const spans = Array.from({ length: tracesPerRequest }, () => ({
    ...{ traceId: randomBytes(16), spanId: randomBytes(8), name: 'one', kind: internalSpan },
    ...{ startTimeUnixNano: at, endTimeUnixNano: at },
  }));
  return encodeRequest('traces', tracesRequest(service, spans));
}

const counted = z.object({ series: z.array(z.object({ value: z.number() })).default([]) });

async function countSpans(tempo: string): Promise<number> {
  const q = `{ resource.service.name = "${service}" } | count_over_time()`;
  const query = { q, start: Math.floor(start) - 60, end: Math.ceil(nowSeconds()) };
  const { series } = await fetchJson(tempo, '/api/metrics/query', counted, { query });
  return series[0]?.value ?? 0;
}

/** Since the start of Tempo's pod; read from its own page, as Prometheus may not have scraped it yet. */
const discards = () =>
  withUrls(['tempo'], async ({ tempo }) =>
    sumSamples(parsePage(await fetchText(tempo, '/metrics')), stackMetrics.tempoDiscarded),
  );

test('a backlog of 60,000 traces is stored, and none is discarded', async () => {
  await stopStatefulSet('tempo');
  await withUrls(['otlpHttp'], async ({ otlpHttp }) => {
    const limit = bulkhead(8, requests);
    const send = async () => {
      const response = await fetch(new URL('/v1/traces', otlpHttp), {
        ...{ method: 'POST', headers: { 'content-type': protobufType } },
        body: oneSpanTraces(),
      });
      await response.arrayBuffer();
      return response.status;
    };
    const statuses = await Promise.all(Array.from({ length: requests }, () => limit.execute(send)));
    expect(statuses.filter((status) => status !== 200)).toEqual([]);
  });
  await startStatefulSet('tempo');
  await withUrls(['tempo'], ({ tempo }) =>
    eventually('every trace', async () => {
      const stored = await countSpans(tempo);
      if (stored < requests * tracesPerRequest) throw new RetryLater(`${stored} are stored`);
    }),
  );
  expect(await discards()).toBe(0);
  const pod = await kubectlJson(session.target, podSchema, ['get', 'pod', 'tempo-0']);
  expect(restartsOf(pod)).toBe(0);
});
