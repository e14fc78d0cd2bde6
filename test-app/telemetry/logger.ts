import { OpenTelemetryTransportV3 } from '@opentelemetry/winston-transport';
import {
  createLogger as createWinston,
  format,
  type Logger,
  type transport,
  transports,
} from 'winston';
import { attributes } from '../../lib/telemetry/app.ts';
import { requestAttributes, traceFields } from '../http/request.ts';
import { redact } from './redact.ts';

/** The most severe first. The transport maps them to OTLP severities: FATAL is 21, ERROR 17. */
export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof logLevels)[number];

const levels = Object.fromEntries(logLevels.map((level, index) => [level, index]));

/** Runs before the transports, so that the console and OTLP have the same fields. */
const request = format((info) => Object.assign(info, requestAttributes()));

const withoutSecrets = format((info) => Object.assign(info, redact(info)));

/** For the console only: OTLP records have the service in their resource, and trace fields. */
const origin = format((info) =>
  Object.assign(info, { [attributes.serviceName]: process.env.OTEL_SERVICE_NAME }, traceFields()),
);

/** JSON.stringify prints an Error as `{}`. */
const readableError = format((info) => {
  if (isError(info.err)) info.err = describe(info.err);
  return info;
});

/** Without instanceof: errors of fetch and DOMExceptions may be from another realm. */
function isError(value: unknown): value is Error {
  return typeof value === 'object' && value !== null && 'message' in value && 'stack' in value;
}

function describe(error: Error): Record<string, unknown> {
  return {
    type: error.name,
    message: error.message,
    stack: error.stack,
    ...(isError(error.cause) && { cause: describe(error.cause) }),
  };
}

/**
 * Writes one JSON line to the console and one OTLP record for each call. Log errors as `{ err }`: the
 * transport maps that key to exception.type, .message and .stacktrace.
 *
 * `consoleFormat` is set on the console transport only: otherwise its timestamp and formatted error
 * would be attributes of the OTLP record too.
 */
export function createLogger(level: LogLevel, outputs: transport[] = standardOutputs()): Logger {
  const prepared = format.combine(request(), withoutSecrets());
  return createWinston({ levels, level, format: prepared, transports: outputs });
}

export const consoleFormat = format.combine(
  origin(),
  readableError(),
  format.timestamp(),
  format.json(),
);

function standardOutputs(): transport[] {
  return [new transports.Console({ format: consoleFormat }), new OpenTelemetryTransportV3()];
}
