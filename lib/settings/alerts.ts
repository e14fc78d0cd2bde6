import { z } from 'zod';
import { duration, percent, text } from './units.ts';

/** When alerts fire. */

/** The bounds of Tempo's latency histogram: only between them can requests be told apart. */
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
      'Over how long objectives are kept, at most prometheus.retention; left out, as long as that, up to 30d',
    ),
  availability: percent
    .prefault('99%')
    .describe('Share of the requests to each service that must not fail'),
  latency: percent
    .prefault('98%')
    .describe('Share of the requests to each service that must be answered within latencyBound'),
  latencyBound: z
    .enum(latencyBounds, `one of ${latencyBounds.join(', ')}`)
    .default('2.048s')
    .describe("What counts as fast enough; a bound of the histogram of Tempo's span metrics"),
});

const short = duration(['s', 'm', 'h'], '5m');

export const alertsSettings = z.strictObject({
  window: short
    .refine((window) => window.toSeconds() >= 60, 'at least 60s, which is four scrapes')
    .prefault('5m')
    .describe('Over how long rates of requests, log lines and failures are taken'),
  for: short.prefault('5m').describe('How long a service must be unwell before it is an alert'),
  stackFor: short
    .prefault('2m')
    .describe('How long a part of the stack must be unwell before it is an alert'),
  errorRatio: percent
    .prefault('5%')
    .describe('Share of failed requests to a service above which ServiceErrors fires'),
  latency: duration(['ms', 's'], '2s')
    .prefault('2s')
    .describe('Latency above which ServiceSlow fires, if one of 20 requests takes longer'),
  trafficLeft: percent
    .prefault('10%')
    .describe('Share of the last hour’s request rate below which TrafficDropped fires'),
  minRequestsPerMinute: count('a whole number from 1')
    .default(1)
    .describe('Requests a minute below which a service is too quiet to be judged'),
  paymentFailures: percent
    .prefault('10%')
    .describe(
      'Share of payments that fail, not counting declined cards, above which PaymentsFailing fires',
    ),
  logLinesPerMinute: count('a whole number from 1')
    .default(6000)
    .describe('Log lines a minute of one service above which HighLogVolume fires'),
  errorLinesPerMinute: count('a whole number from 1')
    .default(20)
    .describe('Error lines a minute of one service above which ErrorLogBurst fires'),
  silence: duration(['m', 'h'], '5m')
    .prefault('5m')
    .describe('How long a running app may send no metrics before it is silent'),
  queue: percent
    .prefault('80%')
    .describe('How full a queue of the collector may be before CollectorQueueFilling fires'),
  volume: percent
    .prefault('85%')
    .describe('How full a volume may be before VolumeAlmostFull fires'),
  volumeFullWithin: duration(['h', 'd'], '1d')
    .prefault('1d')
    .describe(
      'VolumeFilling fires when a volume will be full within this time, going on as in the last 6h',
    ),
  maxSeries: count('a whole number from 1')
    .default(150_000)
    .describe('Series that Prometheus has memory for; CardinalityNearLimit fires above 80 % of it'),
  slo: slo.prefault({}),
  runbooks: text(/^[^\s]*[^\s/]$/, 'a URL or path without a slash at its end')
    .default('docs/runbooks')
    .describe('Where people find the runbooks; links in alerts lead there'),
});

export type AlertsSettings = z.output<typeof alertsSettings>;
