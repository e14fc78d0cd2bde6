import { randomBytes, scryptSync, timingSafeEqual } from 'node:crypto';
import { adminSecret } from '../../lib/grafana/grafana.ts';

type Values = Readonly<Record<string, string>>;

/**
 * A salted hash of Grafana's Secret. Grafana keeps the password of its first start and encrypts data
 * with the key of its Secret, so its database is of little use with another Secret.
 */
export function fingerprintLogin(secret: Values, salt = randomBytes(16).toString('hex')) {
  const keys = [adminSecret.user, adminSecret.password, adminSecret.secretKey];
  const text = JSON.stringify(keys.map((key) => secret[key] ?? ''));
  return { salt, hash: scryptSync(text, salt, 32).toString('hex') };
}

export function matchesLogin(
  fingerprint: ReturnType<typeof fingerprintLogin>,
  secret: Values,
): boolean {
  const got = Buffer.from(fingerprintLogin(secret, fingerprint.salt).hash, 'hex');
  const wanted = Buffer.from(fingerprint.hash, 'hex');
  return got.length === wanted.length && timingSafeEqual(got, wanted);
}
