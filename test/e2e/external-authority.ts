import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kubectl } from '../../ops/cluster/kubectl.ts';
import { run } from '../../ops/process/run.ts';
import { session } from './cluster.ts';

const { target } = session;

/** The name in the certificate of the collector, by which senders outside know it. */
export const externalHost = 'otlp.example.com';

/** A private key and a certificate, in PEM. */
export interface KeyPair {
  readonly key: string;
  readonly cert: string;
}

/** A certificate authority of a test, made by openssl. */
export interface Authority {
  readonly ca: string;
  /** @param days how long it is valid from now on. @default 30 */
  readonly issue: (name: string, days?: number) => Promise<KeyPair>;
}

const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];

export async function createAuthority(): Promise<Authority> {
  const directory = mkdtempSync(join(tmpdir(), 'mantis-ca-'));
  process.on('exit', () => rmSync(directory, { recursive: true, force: true }));
  const path = (file: string) => join(directory, file);
  const read = (file: string) => readFileSync(path(file), 'utf8');
  await run('openssl', [
    ...['req', '-x509', ...newKey, '-keyout', path('ca.key'), '-out', path('ca.crt')],
    ...['-days', '30', '-subj', '/CN=mantis-e2e'],
  ]);
  const names = [externalHost, `otel-collector-external.${target.namespace}`];
  writeFileSync(path('names'), `subjectAltName=${names.map((name) => `DNS:${name}`).join()}`);
  return {
    ca: read('ca.crt'),
    issue: async (name, days = 30) => {
      const files = ['-keyout', path('leaf.key'), '-out', path('leaf.csr')];
      await run('openssl', ['req', ...newKey, ...files, '-subj', `/CN=${name}`]);
      await run('openssl', [
        ...['x509', '-req', '-in', path('leaf.csr'), '-out', path('leaf.crt')],
        ...['-CA', path('ca.crt'), '-CAkey', path('ca.key'), '-CAcreateserial'],
        ...['-extfile', path('names'), '-days', `${days}`],
      ]);
      return { key: read('leaf.key'), cert: read('leaf.crt') };
    },
  };
}

/** A line of htpasswd. */
export function htpasswd(user: string, password: string): string {
  return `${user}:{SHA}${createHash('sha1').update(password).digest('base64')}`;
}

/** Creates a Secret, or replaces what is in it. */
export async function putSecret(name: string, stringData: Record<string, string>, type = 'Opaque') {
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name }, type, stringData };
  await kubectl(target, ['apply', '--filename=-'], { input: JSON.stringify(secret) });
}

export const putCertificate = (name: string, { key, cert }: KeyPair) =>
  putSecret(name, { 'tls.key': key, 'tls.crt': cert }, 'kubernetes.io/tls');
