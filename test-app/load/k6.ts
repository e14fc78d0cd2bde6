/**
 * A k6 load test of the shop: `k6 run k6.ts`. Variables: SHOP_URL, RATE, DURATION, MIX. k6 is not Node, so
 * imported files must not use Node.
 */
import { check, sleep } from 'k6';
import http from 'k6/http';
import { Counter } from 'k6/metrics';
import { EnvironmentError } from '../config/environment.ts';
import { type Answer, type Customer, journeys, knownUsers } from './journeys.ts';
import { mixes, pickJourney } from './mixes.ts';
import { routeName } from './route-name.ts';
import { readDuration, readMix, readRate, readShopUrl } from './settings.ts';
import { type SummaryData, statuses, summarize } from './summary.ts';

const { shop, rate, seconds, mixName } = readSettings();
const mix = mixes[mixName];
const journeyCounter = new Counter('journeys');

export const options = {
  scenarios: {
    [mixName]: {
      // An open model: a slow shop must not reduce the load.
      executor: 'constant-arrival-rate',
      // k6 accepts whole numbers only.
      rate: Math.round(rate * 1000),
      timeUnit: '1000s',
      duration: `${seconds}s`,
      gracefulStop: '10s',
      preAllocatedVUs: Math.ceil(rate * 4) + 5,
      maxVUs: Math.ceil(rate * 15) + 20,
    },
  },
  // New connections for each visit, so that new pods of the shop are used.
  noVUConnectionReuse: true,
  userAgent: 'mantis-load (k6)',
  summaryTrendStats: ['med', 'p(95)', 'p(99)'],
  thresholds: {
    // The exit code is 99 if more than one response in twenty was unexpected.
    http_req_failed: ['rate<0.05'],
    // No limits: the summary has only the submetrics that a threshold names.
    ...submetrics(Object.keys(journeys).map((journey) => `journeys{journey:${journey}}`)),
    ...submetrics(statuses.map((status) => `http_reqs{expected_response:false,status:${status}}`)),
  },
};

export default async function customer(): Promise<void> {
  const journey = pickJourney(mix, Math.random());
  journeyCounter.add(1, { journey });
  await journeys[journey](k6Customer());
}

/** Prints the summary as text, and as one line of JSON. */
export function handleSummary(data: SummaryData): Record<string, string> {
  const { text, result } = summarize(data);
  return { stdout: `${text}\n${JSON.stringify(result)}\n` };
}

function k6Customer(): Customer {
  const id = String(1 + Math.floor(Math.random() * knownUsers));
  const request = (
    method: 'GET' | 'POST',
    path: string,
    expected: readonly number[],
    body?: string,
  ): Answer => {
    const name = routeName(method, path);
    const response = http.request(method, `${shop}${path}`, body, {
      headers: { 'x-user-id': id, 'content-type': 'application/json' },
      tags: { name },
      timeout: '10s',
      responseCallback: http.expectedStatuses(...expected),
    });
    const answers = `${name} answers ${expected.join(' or ')}`;
    check(response, { [answers]: ({ status }) => expected.includes(status) });
    return { status: response.status, json: parse(response.body) };
  };
  return {
    id,
    random: Math.random,
    get: async (path, expected) => request('GET', path, expected),
    post: async (path, body, expected) =>
      request('POST', path, expected, typeof body === 'string' ? body : JSON.stringify(body)),
    pause: async (pauseSeconds) => sleep(pauseSeconds),
  };
}

function parse(body: string | null): unknown {
  try {
    return JSON.parse(body ?? '');
  } catch {
    return undefined;
  }
}

function submetrics(names: readonly string[]): Record<string, string[]> {
  return Object.fromEntries(names.map((name) => [name, []]));
}

function readSettings() {
  try {
    return {
      shop: readShopUrl(__ENV, 'http://shop:5000'),
      rate: readRate(__ENV, { max: 1000, fallback: 5 }),
      seconds: readDuration(__ENV, '2m'),
      mixName: readMix(__ENV),
    };
  } catch (error) {
    // k6 would print the stack of an Error.
    throw error instanceof EnvironmentError ? error.message : error;
  }
}
