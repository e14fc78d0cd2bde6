import type { EndpointName } from '../../lib/model/topology.ts';
import { attributes } from '../../lib/telemetry/app.ts';
import { label } from '../../lib/telemetry/metric.ts';
import { readLogin } from '../cluster/secret.ts';
import type { Session } from '../cluster/session.ts';
import { withForwards } from '../connections/connections.ts';
import { readSilences } from '../stores/alertmanager.ts';
import { findDashboards } from '../stores/grafana.ts';
import { countLoki } from '../stores/loki.ts';
import { queryPrometheus } from '../stores/prometheus.ts';
import { searchTraces, traceById } from '../stores/tempo.ts';
import type { Evidence } from './files/manifest.ts';
import type { StoreName } from './files/stores.ts';

/**
 * How to find out what a store holds, in a way that can be repeated after a restore: questions
 * about fixed times in the past, whose answers can only grow.
 */
interface Probe {
  readonly endpoint: EndpointName;
  /** What there is to ask for, as of now in seconds. */
  questions(url: string, now: number, session: Session): Promise<Question[]>;
  /** Made anew for each round of questions, so that it may ask the store once for all of them. */
  asker(url: string, session: Session): Promise<Asker>;
  /** For how long answers stay the same. @default - for good */
  hoursKept?(session: Session): number;
}

type Question = Omit<Evidence, 'count'>;
type Asker = (question: Question) => Promise<number>;

const hour = 3600;
/** From a minute ago, when all had arrived, to blocks that were compacted long since. */
const ages = [60, hour, 24 * hour, 6 * 24 * hour];
const then = (what: string, now: number) =>
  ages.map((age) => ({ what, at: Math.floor(now - age) }));

const each = (whats: readonly string[], now: number) =>
  whats.map((what) => ({ what, at: Math.floor(now) }));
const among = (whats: readonly string[]) => {
  const there = new Set(whats);
  return async ({ what }: Question) => (there.has(what) ? 1 : 0);
};

async function dashboards(url: string, { target }: Session): Promise<string[]> {
  return findDashboards({ url, login: await readLogin(target) });
}

async function silences(url: string): Promise<string[]> {
  return (await readSilences(url)).map(({ id }) => id);
}

const witnesses: Readonly<Record<StoreName, Probe>> = {
  prometheus: {
    endpoint: 'prometheus',
    questions: async (_, now) => then('count({__name__=~".+"})', now),
    asker: async (url) => async (question) =>
      (await queryPrometheus(url, question.what, question.at))[0]?.value ?? 0,
    hoursKept: ({ settings }) => settings.prometheus.retention.toHours(),
  },
  loki: {
    endpoint: 'loki',
    questions: async (_, now) =>
      then(`sum(count_over_time({${label(attributes.serviceName)}=~".+"}[10m]))`, now),
    asker: async (url) => (question) => countLoki(url, question.what, question.at),
    hoursKept: ({ settings }) => settings.loki.retention.toHours(),
  },
  tempo: {
    endpoint: 'tempo',
    questions: async (url, now) => {
      const found = await searchTraces(url, '{}', { start: now - hour, end: now - 30 });
      return each(found.slice(0, 20), now);
    },
    asker: async (url) => async (question) => (await traceById(url, question.what)).length,
    hoursKept: ({ settings }) => settings.tempo.retention.toHours(),
  },
  grafana: {
    endpoint: 'grafana',
    questions: async (url, now, session) => each(await dashboards(url, session), now),
    asker: async (url, session) => among(await dashboards(url, session)),
  },
  alertmanager: {
    endpoint: 'alertmanager',
    questions: async (url, now) => each(await silences(url), now),
    asker: async (url) => among(await silences(url)),
    // As --data.retention has it by default; a silence that has ended is kept that long.
    hoursKept: () => 120,
  },
};

/** Asks a store what it holds. */
export function gather(session: Session, store: StoreName): Promise<Evidence[]> {
  const witness = witnesses[store];
  return withForwards(session, [witness.endpoint], async (urls) => {
    const url = urls[witness.endpoint];
    const questions = await witness.questions(url, Date.now() / 1000, session);
    const ask = await witness.asker(url, session);
    const answers: Evidence[] = [];
    for (const question of questions) answers.push({ ...question, count: await ask(question) });
    return answers.filter(({ count }) => count > 0);
  });
}

/** What a store holds less of than it did; nothing if all is there. */
export function missing(
  session: Session,
  store: StoreName,
  evidence: readonly Evidence[],
): Promise<string[]> {
  const witness = witnesses[store];
  const now = Date.now() / 1000;
  const hoursKept = witness.hoursKept?.(session) ?? Number.POSITIVE_INFINITY;
  // What the store would have deleted by now is not missed.
  const lasting = evidence.filter(({ at }) => now - at < hoursKept * hour);
  return withForwards(session, [witness.endpoint], async (urls) => {
    const ask = await witness.asker(urls[witness.endpoint], session);
    const complaints: string[] = [];
    for (const { what, at, count } of lasting) {
      const got = await ask({ what, at });
      if (got >= count) continue;
      const when = new Date(at * 1000).toISOString();
      complaints.push(`${store}: ${what} as of ${when}: ${got} of ${count}`);
    }
    return complaints;
  });
}
