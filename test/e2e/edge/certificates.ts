import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../../ops/process/run.ts';

export interface Certificate {
  readonly certificate: string;
  readonly key: string;
}

/** Issues a certificate for some DNS names by a CA of its own, as a company's would be. Needs openssl. */
export async function issueCertificate(names: readonly string[]) {
  const directory = mkdtempSync(join(tmpdir(), 'mantis-ca-'));
  const file = (name: string) => join(directory, name);
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  const openssl = (...args: string[]) => run('openssl', args);
  try {
    await openssl(
      ...['req', '-x509', ...newKey, '-days', '2', '-subj', '/CN=e2e-ca'],
      ...['-keyout', file('ca.key'), '-out', file('ca.crt')],
    );
    await openssl(
      ...['req', ...newKey, '-subj', `/CN=${names[0]}`],
      ...['-keyout', file('tls.key'), '-out', file('tls.csr')],
    );
    const alternative = names.map((name) => `DNS:${name}`).join(',');
    writeFileSync(file('extensions'), `subjectAltName=${alternative}\n`);
    await openssl(
      ...['x509', '-req', '-days', '2', '-in', file('tls.csr'), '-out', file('tls.crt')],
      ...['-CA', file('ca.crt'), '-CAkey', file('ca.key'), '-CAcreateserial'],
      ...['-extfile', file('extensions')],
    );
    const read = (name: string) => readFileSync(file(name), 'utf8');
    return { ca: read('ca.crt'), certificate: read('tls.crt'), key: read('tls.key') };
  } finally {
    rmSync(directory, { recursive: true });
  }
}
