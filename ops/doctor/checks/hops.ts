import { datasourceUids } from '../../../lib/model/datasource-uids.ts';
import { retryUntil } from '../../process/retry.ts';
import { examined, type Finding, type Subject, skipped, type Verdict } from '../model/finding.ts';
import { answerMs, apiOf, type Reach, throughGrafana, urlOf } from '../model/reach.ts';
import { type Mark, newMark, type Protocol, protocols, type Signal } from '../probe/mark.ts';
import { sendByGrpc } from '../probe/send-grpc.ts';
import { sendByHttp } from '../probe/send-http.ts';
import { paths } from '../probe/signal.ts';
import {
  collectorPage,
  hasExporter,
  type Page,
  requireAccepted,
  requireSent,
} from './collector-page.ts';
import { findMark } from './stored.ts';

const collector = 'otel-collector';
const ways: Readonly<Record<Protocol, string>> = { grpc: 'OTLP/gRPC', http: 'OTLP/HTTP' };

/**
 * Sends one marked item of a signal by each protocol and follows it: into the collector, out of it,
 * into its store, and back through Grafana. Behind a hop that is broken nothing is looked for.
 */
export async function followSignal(reach: Reach, signal: Signal, before: Page | undefined) {
  const marks = protocols.map(newMark);
  const sending = await Promise.all(marks.map((mark) => send(reach, signal, mark)));
  const arrived = marks.filter((_, index) => sending[index]?.status === 'ok');
  const findings = [...sending];
  let broken = arrived.length === 0 ? 'nothing could be sent' : undefined;
  for (const { subject, look } of hops(reach, signal, arrived, before)) {
    const finding = broken === undefined ? await examined(subject, look) : skipped(subject, broken);
    if (finding.status === 'failed') broken = `behind ${finding.hop}`;
    findings.push(finding);
  }
  return findings;
}

function send(reach: Reach, signal: Signal, mark: Mark): Promise<Finding> {
  const hop = `sender → ${collector} (${ways[mark.protocol]})`;
  return examined({ area: signal, hop, suspects: [collector] }, async () => {
    if (mark.protocol === 'http') await sendByHttp(apiOf(reach, 'otlpHttp'), signal, mark);
    else await sendByGrpc(urlOf(reach, 'otlpGrpc'), signal, mark, answerMs(reach));
    return `acknowledged in ${Date.now() - mark.sentAt} ms`;
  });
}

interface Hop {
  readonly subject: Subject;
  readonly look: () => Promise<Verdict>;
}

function hops(
  reach: Reach,
  signal: Signal,
  marks: readonly Mark[],
  before: Page | undefined,
): readonly Hop[] {
  const path = paths[signal];
  const { store } = path;
  const started = Date.now();
  const wait = async (what: string, probe: () => Promise<void>): Promise<Verdict> => {
    await retryUntil(what, probe, { timeoutSeconds: reach.timeoutSeconds, everyMs: 250 });
    return `after ${((Date.now() - started) / 1000).toFixed(1)} s`;
  };
  const counted = (what: string, require: (before: Page, now: Page) => void) => {
    if (before === undefined) return notCounted;
    return wait(what, async () => require(before, await collectorPage(reach)));
  };
  const each = (find: (mark: Mark) => Promise<void>) => async () => {
    await Promise.all(marks.map(find));
  };
  return [
    {
      subject: {
        area: signal,
        hop: `${collector} accepts`,
        suspects: [collector],
        cause: `something else than ${collector} answers on its ports, or its pipeline of ${signal} has no receiver otlp`,
      },
      look: async () =>
        counted(`${collector} accepts ${signal}`, (then, now) => {
          const by = marks.map(({ protocol }) => protocol);
          requireAccepted(path, by, then, now);
        }),
    },
    {
      subject: {
        area: signal,
        hop: `${collector} → ${store}`,
        suspects: [store, collector],
        cause: `the exporter cannot reach ${store} (a NetworkPolicy, its address, a refusal), or waits up to 30 s for its next attempt after ${store} was away`,
      },
      look: async () => {
        if (before !== undefined && !hasExporter(before, path.exporter)) {
          return { status: 'unknown', seen: `the collector has no exporter ${path.exporter}` };
        }
        return counted(`${path.exporter} sends`, (then, now) =>
          requireSent(path, marks.length, then, now),
        );
      },
    },
    {
      subject: {
        area: signal,
        hop: `${store} stores`,
        suspects: [store],
        cause: `${store} took it and refused or lost it: a limit, a clock that is wrong, or a full volume`,
      },
      look: () =>
        wait(
          `a query of ${store} finds it`,
          each((mark) => findMark[signal](apiOf(reach, store), mark)),
        ),
    },
    {
      subject: {
        area: signal,
        hop: `grafana → ${store}`,
        suspects: ['grafana', store],
        cause: `Grafana's datasource ${datasourceUids[store]} leads elsewhere, or a NetworkPolicy is in its way`,
      },
      look: () =>
        wait(
          `a query through Grafana finds it`,
          each((mark) => findMark[signal](throughGrafana(reach, store), mark)),
        ),
    },
  ];
}

const notCounted: Verdict = { status: 'unknown', seen: "the collector's counters cannot be read" };

/** What the collector had counted before anything was sent; nothing where it cannot be asked. */
export function pageBefore(reach: Reach): Promise<Page | undefined> {
  return collectorPage(reach).catch(() => undefined);
}
