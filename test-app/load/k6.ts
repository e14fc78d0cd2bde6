/**
 * Load on the shop with k6, for a while and at a rate: `k6 run k6.ts`. Variables: SHOP_URL, RATE,
 * DURATION, MIX. k6 has no Node, so neither has anything that is imported here.
 */
import { check, sleep } from 'k6';
import http from 'k6/http';
import { Counter } from 'k6/metrics';
import { EnvironmentError } from '../environment.ts';
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
      // A slow shop does not slow down those who come: a closed loop would hide its delay.
      executor: 'constant-arrival-rate',
      // k6 takes whole numbers only.
      rate: Math.round(rate * 1000),
      timeUnit: '1000s',
      duration: `${seconds}s`,
      gracefulStop: '10s',
      preAllocatedVUs: Math.ceil(rate * 4) + 5,
      maxVUs: Math.ceil(rate * 15) + 20,
    },
  },
  // Each visit has connections of its own, so that new pods of the shop get their share.
  noVUConnectionReuse: true,
  userAgent: 'mantis-load (k6)',
  summaryTrendStats: ['med', 'p(95)', 'p(99)'],
  thresholds: {
    // The exit code is the verdict: 99 if more than one answer in twenty was not as expected.
    http_req_failed: ['rate<0.05'],
    // Without a limit: the summary holds only those parts of a metric that a threshold names.
    ...parts(Object.keys(journeys).map((journey) => `journeys{journey:${journey}}`)),
    ...parts(statuses.map((status) => `http_reqs{expected_response:false,status:${status}}`)),
  },
};

/** One journey of one customer. */
export default async function customer(): Promise<void> {
  const journey = pickJourney(mix, Math.random());
  journeyCounter.add(1, { journey });
  await journeys[journey](k6Customer());
}

/** What is printed at the end: a few lines for people, and one of JSON. */
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

function parts(names: readonly string[]): Record<string, string[]> {
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
    // Of an Error, k6 prints the stack too.
    throw error instanceof EnvironmentError ? error.message : error;
  }
}
