import { OpenTelemetryTransportV3 } from '@opentelemetry/winston-transport';
import {
  createLogger as createWinston,
  format,
  type Logger,
  type transport,
  transports,
} from 'winston';
import { attributes } from '../lib/telemetry/app.ts';
import { redact } from './redact.ts';
import { requestAttributes, traceFields } from './request.ts';

/** The most severe first. The transport makes OTLP's severities of them: FATAL is 21, ERROR 17. */
export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof logLevels)[number];

const levels = Object.fromEntries(logLevels.map((level, index) => [level, index]));

/** Runs before the transports, so that the console and the collector get the same fields. */
const request = format((info) => Object.assign(info, requestAttributes()));

const withoutSecrets = format((info) => Object.assign(info, redact(info)));

/** On the console only: an OTLP record has its service in its resource, and its trace beside it. */
const origin = format((info) =>
  Object.assign(info, { [attributes.serviceName]: process.env.OTEL_SERVICE_NAME }, traceFields()),
);

/** JSON.stringify prints an Error as `{}`. */
const readableError = format((info) => {
  if (isError(info.err)) info.err = describe(info.err);
  return info;
});

/** By shape: fetch's errors are not always of this realm's Error, nor is a DOMException. */
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
 * One JSON line on the console and one OTLP record for each call. Log errors as `{ err }`: the
 * transport makes exception.type, .message and .stacktrace of that key.
 *
 * The format of the console stays there: its timestamp and its printed error would otherwise be
 * attributes of the OTLP record too, which has a time and an exception of its own.
 */
export function createLogger(level: LogLevel, outputs: transport[] = standardOutputs()): Logger {
  const prepared = format.combine(request(), withoutSecrets());
  return createWinston({ levels, level, format: prepared, transports: outputs });
}

/** Applied to console lines only. */
export const consoleFormat = format.combine(
  origin(),
  readableError(),
  format.timestamp(),
  format.json(),
);

function standardOutputs(): transport[] {
  return [new transports.Console({ format: consoleFormat }), new OpenTelemetryTransportV3()];
}
