import { type Environment, EnvironmentError, readChoice } from '../config/environment.ts';
import { mixNames } from './mixes.ts';

export function readMix(env: Environment) {
  return readChoice(env, 'MIX', mixNames, 'default');
}

const lowest = 0.001;

/** Journeys begun per second. */
export function readRate(
  env: Environment,
  { max, fallback }: { max: number; fallback: number },
): number {
  const value = env.RATE ?? String(fallback);
  const rate = Number(value);
  if (!/^\d+(\.\d+)?$/.test(value) || rate < lowest || rate > max) {
    throw new EnvironmentError('RATE', value, `a number from ${lowest} to ${max}`);
  }
  return rate;
}

const longest = 24 * 3600;

/** How long the load lasts, in seconds. */
export function readDuration(env: Environment, fallback: string): number {
  const value = env.DURATION ?? fallback;
  const [, hours, minutes, seconds] = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(value) ?? [];
  const duration = Number(hours ?? 0) * 3600 + Number(minutes ?? 0) * 60 + Number(seconds ?? 0);
  if (duration < 1 || duration > longest) {
    throw new EnvironmentError('DURATION', value, 'from 1s to 24h, such as 90s or 1h30m');
  }
  return duration;
}

/** The URL of the shop. Without the class URL, which k6 does not have. */
export function readShopUrl(env: Environment, fallback: string): string {
  const value = env.SHOP_URL ?? fallback;
  if (!/^https?:\/\/[^\s/?#]+(\/[^\s?#]*)?$/.test(value)) {
    const allowed = `an http or https URL such as ${fallback}`;
    throw new EnvironmentError('SHOP_URL', value, allowed);
  }
  return value.replace(/\/+$/, '');
}
