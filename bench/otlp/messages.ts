import protobuf from 'protobufjs';
import type { Signal } from '../../lib/telemetry/signal.ts';
import { otlpSchemaFile } from '../../ops/doctor/probe/send-grpc.ts';
import { type OtlpResponse, rejection } from '../../ops/stores/otlp.ts';

// The default depth of 100 is less than what the collector reads.
for (const part of [protobuf.util, protobuf.Reader])
  Object.assign(part, { recursionLimit: 10_000 });

const messages = protobuf.loadSync(otlpSchemaFile);
const response = messages.lookupType('Response');
const requests: Readonly<Record<Signal, protobuf.Type>> = {
  logs: messages.lookupType('LogsRequest'),
  traces: messages.lookupType('TracesRequest'),
  metrics: messages.lookupType('MetricsRequest'),
};

/** The media type of OTLP in protobuf. */
export const protobufType = 'application/x-protobuf';

/** Encodes a request, whose ids are bytes; in all else it is as in the JSON form of OTLP. */
export function encodeRequest(signal: Signal, request: object): Uint8Array<ArrayBuffer> {
  return new Uint8Array(requests[signal].encode(request).finish());
}

/** Decodes a request into plain objects; 64-bit numbers become strings, bytes become base64. */
export function decodeRequest(signal: Signal, bytes: Uint8Array): object {
  const type = requests[signal];
  return type.toObject(type.decode(bytes), { longs: String, bytes: String });
}

/** Whether the response to a request reports no rejected items. */
export function isFullyAccepted(bytes: Uint8Array): boolean {
  const decoded = response.toObject(response.decode(bytes), { longs: Number });
  return rejection(decoded as OtlpResponse) === undefined;
}
