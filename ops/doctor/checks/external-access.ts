import { request } from 'node:https';
import type { TLSSocket } from 'node:tls';
import { endpointUrl, type StackAccess } from '../model/access.ts';
import { type CheckResult, type Finding, runCheck } from '../model/finding.ts';

/** Certificates that expire sooner are reported; cert-manager renews at a third of the lifetime. */
const warnDays = 14;

/** What a request without a credential met. */
export interface Refusal {
  /** The end of the certificate, in milliseconds of the epoch. @default - no TLS connection */
  readonly notAfter?: number;
  /** @default - the connection was closed */
  readonly status?: number;
  readonly error?: string;
}

/** Whether OTLP from outside has TLS and requires a credential; no finding where it is closed. */
export async function checkExternalAccess(access: StackAccess): Promise<Finding[]> {
  if (access.connections.externalHttp === undefined) return [];
  const subject = {
    area: 'endpoint',
    hop: 'OTLP from outside',
    suspects: ['otel-collector'],
  } as const;
  const check = async () =>
    judge(await sendNothing(endpointUrl(access, 'externalHttp'), access.requestTimeoutMs));
  return [await runCheck(subject, check)];
}

/** @throws Error if it is not as it should be */
export function judge({ notAfter, status, error }: Refusal, now = Date.now()): CheckResult {
  if (notAfter === undefined) throw new Error(`no TLS connection: ${error ?? 'closed'}`);
  const refused = status === 401 || (status === undefined && /certificate/.test(error ?? ''));
  if (!refused) {
    const got = status === undefined ? error : `answered ${status}`;
    throw new Error(`a request without a credential is not refused with 401: ${got}`);
  }
  const days = Math.floor((notAfter - now) / 86_400_000);
  if (days < 0) throw new Error(`its certificate expired ${-days} days ago`);
  const seen = `TLS and a credential are required; the certificate expires in ${days} days`;
  return days < warnDays
    ? { status: 'warning', seen, cause: 'the certificate was not renewed in its Secret' }
    : seen;
}

/** Sends a request without items and without a credential. */
function sendNothing(url: string, timeout: number): Promise<Refusal> {
  const { hostname: host, port } = new URL(url);
  return new Promise((resolve) => {
    let notAfter: number | undefined;
    const sent = request(
      {
        ...{ host, port, timeout, path: '/v1/traces', method: 'POST', agent: false },
        // Its name is one outside the cluster.
        rejectUnauthorized: false,
        headers: { 'content-type': 'application/json' },
      },
      (response) => {
        response.resume();
        resolve({ notAfter, status: response.statusCode });
      },
    );
    sent.on('socket', (socket) => {
      socket.on('secureConnect', () => {
        notAfter = Date.parse((socket as TLSSocket).getPeerCertificate().valid_to);
      });
    });
    sent.on('timeout', () => sent.destroy(new Error('timeout')));
    sent.on('error', ({ message }) => resolve({ notAfter, error: message }));
    sent.end('{}');
  });
}
