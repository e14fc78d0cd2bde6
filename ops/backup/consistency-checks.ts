import type { EndpointName } from '../../lib/model/topology.ts';
import { attributes } from '../../lib/telemetry/app.ts';
import { label } from '../../lib/telemetry/metric.ts';
import { readAdminLogin } from '../cluster/secret.ts';
import type { Session } from '../cluster/session.ts';
import { withForwards } from '../connections/endpoint-urls.ts';
import { readSilences } from '../stores/alertmanager.ts';
import { findDashboards } from '../stores/grafana.ts';
import { countLoki } from '../stores/loki.ts';
import { queryPrometheus } from '../stores/prometheus.ts';
import { searchTraces, traceById } from '../stores/tempo.ts';
import type { ConsistencyCheck } from './files/backup-manifest.ts';
import type { StoreName } from './files/stores.ts';

/**
 * Queries that show what a store holds and can be repeated after a restore: they are about fixed times
 * in the past, so their results can only grow.
 */
interface StoreProbe {
  readonly endpoint: EndpointName;
  /** @param now in seconds */
  listQueries(url: string, now: number, session: Session): Promise<CheckQuery[]>;
  /** Called once for all queries of a store, so that it can read a list once. */
  createCounter(url: string, session: Session): Promise<CountQuery>;
  /** The retention of the data. @default - unlimited */
  retentionHours?(session: Session): number;
}

type CheckQuery = Omit<ConsistencyCheck, 'count'>;
type CountQuery = (query: CheckQuery) => Promise<number>;

const hour = 3600;
/** From a minute, when all data has arrived, to days, when blocks are compacted. */
const ages = [60, hour, 24 * hour, 6 * 24 * hour];
const atEachAge = (what: string, now: number) =>
  ages.map((age) => ({ what, at: Math.floor(now - age) }));

const atNow = (whats: readonly string[], now: number) =>
  whats.map((what) => ({ what, at: Math.floor(now) }));
const countPresent = (whats: readonly string[]) => {
  const there = new Set(whats);
  return async ({ what }: CheckQuery) => (there.has(what) ? 1 : 0);
};

async function readDashboardUids(url: string, { target }: Session): Promise<string[]> {
  return findDashboards({ url, login: await readAdminLogin(target) });
}

async function readSilenceIds(url: string): Promise<string[]> {
  return (await readSilences(url)).map(({ id }) => id);
}

const probes: Readonly<Record<StoreName, StoreProbe>> = {
  prometheus: {
    endpoint: 'prometheus',
    listQueries: async (_, now) => atEachAge('count({__name__=~".+"})', now),
    createCounter: async (url) => async (query) =>
      (await queryPrometheus(url, query.what, query.at))[0]?.value ?? 0,
    retentionHours: ({ settings }) => settings.prometheus.retention.toHours(),
  },
  loki: {
    endpoint: 'loki',
    listQueries: async (_, now) =>
      atEachAge(`sum(count_over_time({${label(attributes.serviceName)}=~".+"}[10m]))`, now),
    createCounter: async (url) => (query) => countLoki(url, query.what, query.at),
    retentionHours: ({ settings }) => settings.loki.retention.toHours(),
  },
  tempo: {
    endpoint: 'tempo',
    listQueries: async (url, now) => {
      const found = await searchTraces(url, '{}', { start: now - hour, end: now - 30 });
      return atNow(found.slice(0, 20), now);
    },
    createCounter: async (url) => async (query) => (await traceById(url, query.what)).length,
    retentionHours: ({ settings }) => settings.tempo.retention.toHours(),
  },
  grafana: {
    endpoint: 'grafana',
    listQueries: async (url, now, session) => atNow(await readDashboardUids(url, session), now),
    createCounter: async (url, session) => countPresent(await readDashboardUids(url, session)),
  },
  alertmanager: {
    endpoint: 'alertmanager',
    listQueries: async (url, now) => atNow(await readSilenceIds(url), now),
    createCounter: async (url) => countPresent(await readSilenceIds(url)),
    // The default of --data.retention: expired silences are kept that long.
    retentionHours: () => 120,
  },
};

/** Runs the queries of a store; gives those with a result. */
export function recordChecks(session: Session, store: StoreName): Promise<ConsistencyCheck[]> {
  const probe = probes[store];
  return withForwards(session, [probe.endpoint], async (urls) => {
    const url = urls[probe.endpoint];
    const queries = await probe.listQueries(url, Date.now() / 1000, session);
    const countItems = await probe.createCounter(url, session);
    const checks: ConsistencyCheck[] = [];
    for (const query of queries) checks.push({ ...query, count: await countItems(query) });
    return checks.filter(({ count }) => count > 0);
  });
}

/** Repeats the checks; gives a message for each with a lower result than before. */
export function findMissing(
  session: Session,
  store: StoreName,
  checks: readonly ConsistencyCheck[],
): Promise<string[]> {
  const probe = probes[store];
  const now = Date.now() / 1000;
  const retentionHours = probe.retentionHours?.(session) ?? Number.POSITIVE_INFINITY;
  // Data beyond its retention is not expected.
  const retained = checks.filter(({ at }) => now - at < retentionHours * hour);
  return withForwards(session, [probe.endpoint], async (urls) => {
    const countItems = await probe.createCounter(urls[probe.endpoint], session);
    const missing: string[] = [];
    for (const { what, at, count } of retained) {
      const got = await countItems({ what, at });
      if (got >= count) continue;
      const when = new Date(at * 1000).toISOString();
      missing.push(`${store}: ${what} as of ${when}: ${got} of ${count}`);
    }
    return missing;
  });
}
