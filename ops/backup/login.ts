import { randomBytes, scryptSync, timingSafeEqual } from 'node:crypto';
import { adminSecret } from '../../lib/grafana/grafana.ts';

/**
 * Grafana keeps the password of its first start and signs what it stores with the key of its
 * Secret, so its database is worth little beside another Secret. This tells one from another and
 * gives nothing away: the key is random and as long as the hash.
 */
export interface Login {
  readonly salt: string;
  readonly hash: string;
}

type Values = Readonly<Record<string, string>>;

export function fingerprint(secret: Values, salt = randomBytes(16).toString('hex')): Login {
  const keys = [adminSecret.user, adminSecret.password, adminSecret.secretKey];
  const text = JSON.stringify(keys.map((key) => secret[key] ?? ''));
  return { salt, hash: scryptSync(text, salt, 32).toString('hex') };
}

export function isSameLogin(login: Login, secret: Values): boolean {
  const got = Buffer.from(fingerprint(secret, login.salt).hash, 'hex');
  const wanted = Buffer.from(login.hash, 'hex');
  return got.length === wanted.length && timingSafeEqual(got, wanted);
}
