import { z } from 'zod';
import { destinations, dnsLabel, duration, percent, text } from './settings-units.ts';

/** When alerts fire, and who is told. */

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

export const alerts = z.strictObject({
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

export const severities = ['critical', 'warning', 'info', 'none'] as const;

const key = text(/^[-._a-zA-Z0-9]+$/, 'a key of the Secret: letters, digits and - . _');
const url = text(/^https?:\/\/[^\s/]\S*$/, 'a URL beginning with http:// or https://');
const address = text(/^[^\s@]+@[^\s@]+$/, 'an e-mail address');

const receiver = z
  .strictObject({
    name: dnsLabel.refine(
      (name) => name !== 'null',
      'another name: null is the one that tells nobody',
    ),
    severities: z
      .array(z.enum(severities, `one of ${severities.join(', ')}`))
      .min(1, `at least one of ${severities.join(', ')}`)
      .default(['critical', 'warning']),
    webhook: z.strictObject({ url: url.optional(), urlKey: key.optional() }).optional(),
    slack: z.strictObject({ channel: z.string().min(1), urlKey: key }).optional(),
    email: z
      .strictObject({
        to: address,
        from: address,
        smarthost: text(/^[^\s:]+:\d+$/, 'host:port of a mail server'),
        username: z.string().optional(),
        passwordKey: key.optional(),
      })
      .optional(),
    pagerduty: z.strictObject({ routingKeyKey: key }).optional(),
  })
  .check(({ value, issues }) => {
    const ways = [value.webhook, value.slack, value.email, value.pagerduty];
    const refuse = (path: string, message: string) =>
      issues.push({ code: 'custom', input: value.name, path: [path], message });
    if (ways.every((way) => way === undefined)) {
      refuse('name', 'a receiver with at least one of webhook, slack, email and pagerduty');
    }
    if (
      value.webhook &&
      (value.webhook.url === undefined) === (value.webhook.urlKey === undefined)
    ) {
      refuse('webhook', 'either url or urlKey');
    }
  });

export type Receiver = z.output<typeof receiver>;

/** The parts of Alertmanager's settings that say who is told, and how it reaches them. */
export const alertReceivers = {
  receivers: z
    .array(receiver)
    .default([])
    .describe(
      'Who is told of alerts, by webhook, slack, email or pagerduty; without any, alerts are only seen in Grafana and Alertmanager',
    ),
  secret: dnsLabel
    .optional()
    .describe('Name of an existing Secret with the keys that receivers name'),
  egress: destinations.describe(
    'Where Alertmanager may connect to beside the stack: what receivers need',
  ),
};

/** The keys of the Secret that a receiver needs. */
export function keysOf({ webhook, slack, email, pagerduty }: Receiver): string[] {
  const keys = [webhook?.urlKey, slack?.urlKey, email?.passwordKey, pagerduty?.routingKeyKey];
  return keys.filter((key) => key !== undefined);
}

/** Receivers that could not work: two of one name, or keys of a Secret that nobody named. */
export const checkReceivers: z.core.CheckFn<{ receivers: Receiver[]; secret?: string }> = ({
  value: { receivers, secret },
  issues,
}) => {
  receivers.forEach((receiver, index) => {
    const { name } = receiver;
    const path = ['receivers', index, 'name'];
    if (receivers.findIndex((each) => each.name === name) < index) {
      issues.push({
        code: 'custom',
        input: name,
        path,
        message: 'a name that no other receiver has',
      });
    }
    if (secret === undefined && keysOf(receiver).length > 0) {
      const message = `the name of the Secret with the keys of receiver ${name}`;
      issues.push({ code: 'custom', input: undefined, path: ['secret'], message });
    }
  });
};
