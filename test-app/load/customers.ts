/** The process of the background load: a few simulated customers, so that dashboards have data. */
import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { EnvironmentError, readInteger, readUrl } from '../config/environment.ts';
import { seeded } from '../simulation/seeded.ts';
import { arrivals } from './arrivals.ts';
import { httpCustomers } from './http-customer.ts';
import { journeys, knownUsers } from './journeys.ts';
import { mixes, pickJourney } from './mixes.ts';
import { OutageDetector } from './outage-detector.ts';
import { readMix, readRate } from './settings.ts';
import { Tally } from './tally.ts';

/** A visit lasts some seconds, so a healthy shop needs less at the highest rate. */
const maxConcurrent = 100;
const maxSeed = 2 ** 31;
const summaryMs = 60_000;
/** For requests that are active at the signal. */
const leaveLimitMs = 1_000;

function start(env: NodeJS.ProcessEnv): void {
  const shop = readUrl(env, 'SHOP_URL', 'http://shop:5000');
  const rate = readRate(env, { max: 10, fallback: 0.5 });
  const mixName = readMix(env);
  const seed = readSeed(env);
  const next = seeded(seed);

  const tally = new Tally();
  const outageDetector = new OutageDetector((unreachable) => {
    if (unreachable) log('warn', 'the shop is unreachable', { shop: shop.origin });
    else log('info', 'the shop is reachable again', { shop: shop.origin });
  });
  const closing = new AbortController();
  // Every visit adds a listener.
  setMaxListeners(0, closing.signal);
  const wait = (seconds: number) => sleep(seconds * 1000, undefined, { signal: closing.signal });
  const customer = httpCustomers({
    shop,
    wait,
    report(outcome) {
      tally.countRequest(outcome);
      outageDetector.recordRequest(outcome.status !== 0);
    },
  });

  const visit = async () => {
    // A generator for each visit: its choices depend neither on other visits nor on response times.
    const random = seeded(Math.floor(next() * maxSeed));
    const name = pickJourney(mixes[mixName], random());
    tally.countJourney(name);
    try {
      await journeys[name](customer(String(1 + Math.floor(random() * knownUsers)), random));
    } catch (error) {
      if (!closing.signal.aborted) log('error', `journey ${name} broke off: ${error}`);
    }
  };

  log('info', 'customers are coming', { shop: shop.origin, rate, mix: mixName, seed });
  const summarize = () => log('info', 'summary', tally.take());
  setInterval(summarize, summaryMs);
  const turnedAway = () => tally.countTurnedAway();
  const gone = arrivals({ rate, maxConcurrent, random: next, wait, visit, turnedAway });

  const stop = async () => {
    if (closing.signal.aborted) process.exit(1);
    closing.abort();
    await Promise.race([gone, sleep(leaveLimitMs)]);
    summarize();
    process.exit(0);
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

function readSeed(env: NodeJS.ProcessEnv): number {
  const fallback = Math.floor(Math.random() * maxSeed);
  return readInteger(env, 'SEED', { min: 0, max: maxSeed, fallback, what: 'a whole number' });
}

/** In the format of the app's log lines. */
function log(level: string, message: string, fields: object = {}): void {
  console.log(JSON.stringify({ level, message, ...fields, timestamp: new Date().toISOString() }));
}

try {
  start(process.env);
} catch (error) {
  if (!(error instanceof EnvironmentError)) throw error;
  console.error(error.message);
  process.exit(1);
}
