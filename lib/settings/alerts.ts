import { z } from 'zod';
import { defaultMaxSeries } from '../telemetry/limits.ts';
import { duration, percent, text } from './units.ts';

/** The bucket bounds of Tempo's latency histogram; a latency objective has to be one of them. */
const latencyBounds = [
  '0.128s',
  '0.256s',
  '0.512s',
  '1.024s',
  '2.048s',
  '4.096s',
  '8.192s',
  '16.384s',
] as const;

const count = (wanted: string) => z.int(wanted).min(1, wanted);

const slo = z.strictObject({
  window: duration(['h', 'd'], '7d')
    .refine((window) => window.toHours() >= 24, 'at least 24h')
    .optional()
    .describe(
      'Window of the service level objectives, at most prometheus.retention. Unset: prometheus.retention, at most 30d',
    ),
  availability: percent
    .prefault('99%')
    .describe('Percentage of requests to each service that must succeed'),
  latency: percent
    .prefault('98%')
    .describe('Percentage of requests to each service that must be answered within latencyBound'),
  latencyBound: z
    .enum(latencyBounds, `one of ${latencyBounds.join(', ')}`)
    .default('2.048s')
    .describe("Latency of the latency objective; a bucket bound of Tempo's span metrics"),
});

const shortDuration = duration(['s', 'm', 'h'], '5m');

export const alertsSettings = z.strictObject({
  window: shortDuration
    .refine((window) => window.toSeconds() >= 60, 'at least 60s, which is four scrape intervals')
    .prefault('5m')
    .describe('Range over which alerts compute rates of requests, log lines and failures'),
  pending: shortDuration.prefault('5m').describe('Pending period of alerts on services'),
  stackPending: shortDuration
    .prefault('2m')
    .describe('Pending period of alerts on the stack, on nodes and on logs'),
  errorRatio: percent
    .prefault('5%')
    .describe('Percentage of failed requests to a service above which ServiceErrors fires'),
  latency: duration(['ms', 's'], '2s')
    .prefault('2s')
    .describe('P95 latency of a service above which ServiceSlow fires'),
  minTrafficRatio: percent
    .prefault('10%')
    .describe(
      'Percentage of the average request rate of the last hour below which TrafficDropped fires',
    ),
  minRequestsPerMinute: count('a whole number from 1')
    .default(1)
    .describe('Requests per minute below which alerts on a service do not fire'),
  paymentFailureRatio: percent
    .prefault('10%')
    .describe(
      'Percentage of failed payments, without declined cards, above which PaymentsFailing fires',
    ),
  logLinesPerMinute: count('a whole number from 1')
    .default(6000)
    .describe('Log lines per minute of one service above which HighLogVolume fires'),
  errorLinesPerMinute: count('a whole number from 1')
    .default(20)
    .describe('Error log lines per minute of one service above which ErrorLogBurst fires'),
  absentAfter: duration(['m', 'h'], '5m')
    .refine(
      (time) => time.toMinutes() >= 2,
      'at least 2m, because SDKs send metrics once a minute by default',
    )
    .prefault('5m')
    .describe(
      'Time without metrics of a running container after which ServiceSilent becomes pending; longer than the interval at which its SDK sends metrics',
    ),
  queueUsage: percent
    .prefault('80%')
    .describe('Usage of a collector queue above which CollectorQueueFilling fires'),
  volumeUsage: percent
    .prefault('85%')
    .describe('Usage of a volume above which VolumeAlmostFull fires'),
  volumeFullWithin: duration(['h', 'd'], '1d')
    .prefault('1d')
    .describe(
      'VolumeFilling fires if a volume will be full within this time at the growth rate of the last 6h',
    ),
  maxSeries: count('a whole number from 1')
    .default(defaultMaxSeries)
    .describe(
      'Active series that Prometheus has memory for; CardinalityNearLimit fires above 80 % of it',
    ),
  slo: slo.prefault({}),
  runbooks: text(/^[^\s]*[^\s/]$/, 'a URL or path without a slash at its end')
    .default('docs/runbooks')
    .describe('Base URL or path of the runbooks, for links in alerts'),
});
