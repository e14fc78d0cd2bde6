import { join } from 'node:path';
import { Client, credentials, Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { loadSync, type ServiceDefinition } from '@grpc/proto-loader';
import { doctorFiles } from '../../../lib/jobs/doctor-names.ts';
import type { OtlpResponse } from '../../stores/otlp.ts';
import type { Mark, Signal } from './mark.ts';
import { otlpRequest, requireAll } from './otlp.ts';

/** Beside this file, or beside the one that it was bundled into. */
const messages = loadSync(join(import.meta.dirname, doctorFiles.messages), { longs: Number });

const services = {
  metrics: { local: 'Metrics', path: 'metrics.v1.MetricsService' },
  logs: { local: 'Logs', path: 'logs.v1.LogsService' },
  traces: { local: 'Traces', path: 'trace.v1.TraceService' },
} as const satisfies Record<Signal, { local: string; path: string }>;

/** The method of a signal under its full name, as clients and servers of OTLP know it. */
export function exportMethod(signal: Signal) {
  const { local, path } = services[signal];
  const method = (messages[local] as ServiceDefinition).Export;
  if (method === undefined) throw new Error(`otlp.proto has no service ${local}`);
  return { ...method, path: `/opentelemetry.proto.collector.${path}/Export` };
}

/**
 * Sends one item by OTLP over gRPC.
 *
 * @param url as of any connection; of it host and port are used
 */
export async function sendByGrpc(
  url: string,
  signal: Signal,
  mark: Mark,
  timeoutMs: number,
): Promise<void> {
  const client = new Client(new URL(url).host, credentials.createInsecure());
  try {
    requireAll(await call(client, signal, mark, timeoutMs));
  } finally {
    client.close();
  }
}

function call(client: Client, signal: Signal, mark: Mark, timeoutMs: number) {
  const { path, requestSerialize, responseDeserialize } = exportMethod(signal);
  const request = otlpRequest(signal, mark, (hex) => Buffer.from(hex, 'hex'));
  return new Promise<OtlpResponse>((resolve, reject) => {
    client.makeUnaryRequest<object, object>(
      path,
      requestSerialize,
      responseDeserialize,
      request,
      new Metadata(),
      { deadline: Date.now() + timeoutMs },
      (error, response) => (error ? reject(named(error)) : resolve(response ?? {})),
    );
  });
}

/** `14 UNAVAILABLE: …` is how grpc-js writes it; the number alone tells a person nothing. */
function named({ code, details }: ServiceError): Error {
  return new Error(`${status[code]}: ${details || 'no reason given'}`);
}
