import { datasourceUids } from '../../../lib/model/uids.ts';
import { externalTracesExporter } from '../../../lib/telemetry/collector.ts';
import type { Signal } from '../../../lib/telemetry/signal.ts';
import { messageOf } from '../../process/errors.ts';
import { retryUntil } from '../../process/retry.ts';
import type { HttpApi } from '../../stores/http.ts';
import type { SignalStore } from '../../stores/store.ts';
import { signalStores } from '../../stores/stores.ts';
import {
  apiOf,
  endpointUrl,
  isExternal,
  type StackAccess,
  storeApi,
  viaGrafana,
} from '../model/access.ts';
import {
  type CheckResult,
  type CheckSubject,
  type Finding,
  runCheck,
  skippedFinding,
} from '../model/finding.ts';
import { sendByHttp } from '../probe/otlp.ts';
import { newProbeItem, type ProbeItem, type Protocol, protocols } from '../probe/probe-item.ts';
import { sendByGrpc } from '../probe/send-grpc.ts';
import {
  hasExporter,
  type MetricsPage,
  readMetricsPage,
  requireAccepted,
  requireSent,
} from './collector-page.ts';
import { adviceOn, discardsSince } from './discard-counts.ts';
import { queryExternalStore } from './external-stores.ts';
import type { LossPages } from './losses.ts';

const collector = 'otel-collector';
const protocolNames: Readonly<Record<Protocol, string>> = { grpc: 'OTLP/gRPC', http: 'OTLP/HTTP' };

/**
 * Sends one probe item of a signal by each protocol and follows it hop by hop: into the collector, to
 * its store, and back through Grafana. The hops behind a failed one are skipped.
 */
export async function checkSignal(
  access: StackAccess,
  signal: Signal,
  before: MetricsPage | undefined,
  lossPages: LossPages,
) {
  const items = protocols.map(newProbeItem);
  const sending = await Promise.all(items.map((item) => send(access, signal, item)));
  const arrived = items.filter((_, index) => sending[index]?.status === 'ok');
  const findings = [...sending];
  let broken = arrived.length === 0 ? 'nothing could be sent' : undefined;
  for (const { check, ...hop } of hops(access, signal, arrived, before, lossPages)) {
    const finding = broken === undefined ? await runCheck(hop, check) : skippedFinding(hop, broken);
    if (finding.status === 'failed') broken = `behind ${finding.hop}`;
    findings.push(finding);
  }
  return findings;
}

function send(access: StackAccess, signal: Signal, item: ProbeItem): Promise<Finding> {
  const hop = `sender → ${collector} (${protocolNames[item.protocol]})`;
  return runCheck({ area: signal, hop, suspects: [collector] }, async () => {
    if (item.protocol === 'http') await sendByHttp(apiOf(access, 'otlpHttp'), signal, item);
    else await sendByGrpc(endpointUrl(access, 'otlpGrpc'), signal, item, access.requestTimeoutMs);
    return `acknowledged in ${Date.now() - item.sentAt} ms`;
  });
}

interface Hop extends CheckSubject {
  readonly check: () => Promise<CheckResult>;
}

function hops(
  access: StackAccess,
  signal: Signal,
  items: readonly ProbeItem[],
  before: MetricsPage | undefined,
  lossPages: LossPages,
): readonly Hop[] {
  const signalStore = signalStores[signal];
  const { name: store } = signalStore;
  const external = isExternal(access, store);
  const exporter = external && signal === 'traces' ? externalTracesExporter : signalStore.exporter;
  const started = Date.now();
  const waitFor = async (what: string, check: () => Promise<unknown>): Promise<CheckResult> => {
    await retryUntil(what, check, { timeoutSeconds: access.timeoutSeconds, intervalMs: 250 });
    return `after ${((Date.now() - started) / 1000).toFixed(1)} s`;
  };
  const findItems = (api: () => HttpApi) => async () =>
    Promise.all(items.map((item) => signalStore.find(api(), item)));
  return [
    {
      area: signal,
      hop: `${collector} accepts`,
      suspects: [collector],
      cause: `another program answers on the ports of ${collector}, or its ${signal} pipeline has no otlp receiver`,
      check: async () => {
        if (before === undefined) return unreadableCounters;
        const used = items.map(({ protocol }) => protocol);
        return waitFor(`${collector} accepts ${signal}`, async () =>
          requireAccepted(signalStore, used, before, await readMetricsPage(access)),
        );
      },
    },
    {
      area: signal,
      hop: `${collector} → ${store}`,
      suspects: [store, collector],
      cause: `the exporter cannot reach ${store} (a NetworkPolicy, its address, a refused request or credential), or waits up to 30 s for its next retry after ${store} was down`,
      check: async () => {
        if (before === undefined) return unreadableCounters;
        if (!hasExporter(before, exporter)) {
          return { status: 'unknown', seen: `the collector has no exporter ${exporter}` };
        }
        try {
          return await waitFor(`${exporter} sends`, async () =>
            requireSent(
              { ...signalStore, exporter },
              items.length,
              before,
              await readMetricsPage(access),
            ),
          );
        } catch (error) {
          const refused = external ? await queryExternalStore(access, store) : undefined;
          return { status: 'failed', ...refused, seen: messageOf(error) };
        }
      },
    },
    {
      area: signal,
      hop: `${store} stores`,
      suspects: [store],
      cause: `${store} received it and discarded it: a limit, a wrong clock, or a full volume`,
      check: async () => {
        try {
          const find = findItems(() => storeApi(access, store));
          return await waitFor(`a query of ${store} finds it`, find);
        } catch (error) {
          const seen = messageOf(error);
          if (external) {
            return { status: 'failed', ...(await queryExternalStore(access, store)), seen };
          }
          const cause = await discardCause(access, store, lossPages);
          return { status: 'failed', seen, ...(cause && { cause }) };
        }
      },
    },
    // Grafana is the only way to an external one.
    ...(external
      ? []
      : [
          {
            area: signal,
            hop: `grafana → ${store}`,
            suspects: ['grafana', store] as const,
            cause: `Grafana's datasource ${datasourceUids[store]} points elsewhere, or a NetworkPolicy blocks it`,
            check: () =>
              waitFor(
                'a query through Grafana finds it',
                findItems(() => viaGrafana(access, store)),
              ),
          },
        ]),
  ];
}

/** Why the store discarded items during this run; undefined if it discarded none. */
async function discardCause(
  access: StackAccess,
  store: SignalStore['name'],
  before: LossPages,
): Promise<string | undefined> {
  const now = await readMetricsPage(access, store).catch(() => undefined);
  const counts = now === undefined ? [] : discardsSince(store, now, before.get(store));
  return counts.length === 0 ? undefined : adviceOn(counts);
}

const unreadableCounters: CheckResult = {
  status: 'unknown',
  seen: "the collector's counters cannot be read",
};
