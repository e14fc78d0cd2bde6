import { Duration, Size } from 'cdk8s';
import { z } from 'zod';

/** The formats of settings, each with the error message for other input. */

/** A string that matches a pattern; `wanted` is the error message for anything else. */
export const text = (pattern: RegExp, wanted: string) => z.string(wanted).regex(pattern, wanted);

/** A URL of some form that is also valid, such as in its port. */
export const urlText = (pattern: RegExp, wanted: string) =>
  text(pattern, wanted).refine((url) => !pattern.test(url) || URL.canParse(url), wanted);

export const dnsLabel = text(
  /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/,
  'a DNS label: lower-case letters, digits and -, at most 63',
);

export const dnsNamePattern = /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/;

export const dnsName = text(dnsNamePattern, 'a DNS name such as cluster.local');

/** The uid of a dashboard or data source in Grafana. */
export const grafanaUid = text(/^[\w-]{1,40}$/, 'a uid of at most 40 letters, digits, - and _');

/** A binary Kubernetes quantity. */
export const size = text(
  /^[1-9]\d*(Mi|Gi|Ti)$/,
  'a size in Mi, Gi or Ti, such as 512Mi or 10Gi',
).transform((value) => {
  const amount = Number.parseInt(value, 10);
  if (value.endsWith('Mi')) return Size.mebibytes(amount);
  return Size.gibibytes(value.endsWith('Ti') ? amount * 1024 : amount);
});

const fromOne = 'a whole number from 1';

export const wholeNumber = z.int(fromOne).min(1, fromOne);

export const cpu = text(
  /^(?=.*[1-9])\d+(m|\.\d{1,3})?$/,
  'a Kubernetes CPU quantity in quotes, such as "100m", "0.5" or "2"',
);

/** At least a day, because the stores delete in steps of hours and warn below a day. */
export const retention = text(
  /^([1-9]\d*d|(2[4-9]|[3-9]\d|[1-9]\d{2,})h)$/,
  'whole hours or days, at least 24h, such as 48h or 15d',
).transform((value) => {
  const amount = Number.parseInt(value, 10);
  return value.endsWith('d') ? Duration.days(amount) : Duration.hours(amount);
});

const milliseconds = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

type DurationUnit = keyof typeof milliseconds;

/** Keeps the unit of the input: cdk8s cannot convert milliseconds of 20d to whole hours. */
const durationOf: Record<DurationUnit, (amount: number) => Duration> = {
  ms: Duration.millis,
  s: Duration.seconds,
  m: Duration.minutes,
  h: Duration.hours,
  d: Duration.days,
};

/** A duration in some of the units of Prometheus. */
export function duration(units: readonly DurationUnit[], example: string) {
  const wanted = `a duration in ${units.join(', ')}, such as ${example}`;
  return text(new RegExp(`^[1-9]\\d*(${units.join('|')})$`), wanted).transform((value) => {
    const unit = value.replace(/\d+/, '') as DurationUnit;
    return durationOf[unit](Number.parseInt(value, 10));
  });
}

/** Formats a duration as Prometheus does, in the largest unit in which it is a whole number. */
export function formatDuration(duration: Duration): string {
  const amount = duration.toMilliseconds();
  const units = Object.entries(milliseconds).reverse();
  const [unit, size] = units.find(([, each]) => amount % each === 0) ?? ['ms', 1];
  return `${amount / size}${unit}`;
}

const percentage = 'a percentage above 0% and below 100%, such as 5% or 99.5%';

/** A percentage, parsed to a ratio between 0 and 1. */
export const percent = text(/^(?=.*[1-9])\d{1,2}(\.\d{1,3})?%$/, percentage).transform((value) =>
  Number((Number.parseFloat(value) / 100).toFixed(5)),
);

/** Formats a ratio as a percentage. */
export function formatPercent(ratio: number): string {
  return `${Number((ratio * 100).toFixed(3))}%`;
}

export const cidr = z.union([z.cidrv4(), z.cidrv6()], 'a CIDR block such as 203.0.113.0/24');

/** Destinations outside the stack that a pod may connect to. */
export const destinations = z
  .array(
    z.strictObject({
      cidr: cidr
        .optional()
        .describe('Addresses, as a CIDR block. Unset: every address of IPv4 and IPv6'),
      port: z.int('a port number').min(1, 'a port number').max(65535, 'a port number'),
    }),
  )
  .default([]);
