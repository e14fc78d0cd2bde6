import { join } from 'node:path';
import { Client, credentials, Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { loadSync, type ServiceDefinition } from '@grpc/proto-loader';
import { doctorFileNames } from '../../../lib/jobs/doctor-job-contract.ts';
import type { Signal } from '../../../lib/telemetry/signal.ts';
import type { OtlpResponse } from '../../stores/otlp.ts';
import { otlpRequest, requireAll } from './otlp.ts';
import type { ProbeItem } from './probe-item.ts';

/** The messages of OTLP: beside this file, or beside the one that it was bundled into. */
export const otlpSchemaFile = join(import.meta.dirname, doctorFileNames.messages);

const messages = loadSync(otlpSchemaFile, { longs: Number });

const services = {
  metrics: { local: 'Metrics', path: 'metrics.v1.MetricsService' },
  logs: { local: 'Logs', path: 'logs.v1.LogsService' },
  traces: { local: 'Traces', path: 'trace.v1.TraceService' },
} as const satisfies Record<Signal, { local: string; path: string }>;

/** The Export method of a signal by its full gRPC name. */
export function exportMethod(signal: Signal) {
  const { local, path } = services[signal];
  const method = (messages[local] as ServiceDefinition).Export;
  if (method === undefined) throw new Error(`otlp.proto has no service ${local}`);
  return { ...method, path: `/opentelemetry.proto.collector.${path}/Export` };
}

/**
 * Sends one item by OTLP over gRPC.
 *
 * @param url only its host and port are used
 */
export async function sendByGrpc(
  url: string,
  signal: Signal,
  item: ProbeItem,
  timeoutMs: number,
): Promise<void> {
  const client = new Client(new URL(url).host, credentials.createInsecure());
  try {
    requireAll(await call(client, signal, item, timeoutMs));
  } finally {
    client.close();
  }
}

function call(client: Client, signal: Signal, item: ProbeItem, timeoutMs: number) {
  const { path, requestSerialize, responseDeserialize } = exportMethod(signal);
  const request = otlpRequest(signal, item, (hex) => Buffer.from(hex, 'hex'));
  return new Promise<OtlpResponse>((resolve, reject) => {
    client.makeUnaryRequest<object, object>(
      path,
      requestSerialize,
      responseDeserialize,
      request,
      new Metadata(),
      { deadline: Date.now() + timeoutMs },
      (error, response) => (error ? reject(describeError(error)) : resolve(response ?? {})),
    );
  });
}

/** Names the status, as in `UNAVAILABLE: …`. */
function describeError({ code, details }: ServiceError): Error {
  return new Error(`${status[code]}: ${details || 'no reason given'}`);
}
