import { Duration, Size } from 'cdk8s';
import { z } from 'zod';

/** The forms in which settings are written, each with the message that says what is wanted. */

/** Text of one form; whatever else is written there, the message says what is wanted. */
export const text = (pattern: RegExp, wanted: string) => z.string(wanted).regex(pattern, wanted);

export const dnsLabel = text(
  /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/,
  'a DNS label: lower-case letters, digits and -, at most 63',
);

export const dnsName = text(/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/, 'a DNS name such as cluster.local');

/** A binary Kubernetes quantity. */
export const size = text(
  /^[1-9]\d*(Mi|Gi|Ti)$/,
  'a size in Mi, Gi or Ti, such as 512Mi or 10Gi',
).transform((formatDuration) => {
  const amount = Number.parseInt(formatDuration, 10);
  if (formatDuration.endsWith('Mi')) return Size.mebibytes(amount);
  return Size.gibibytes(formatDuration.endsWith('Ti') ? amount * 1024 : amount);
});

export const cpu = text(
  /^(?=.*[1-9])\d+(m|\.\d{1,3})?$/,
  'a Kubernetes CPU quantity in quotes, such as "100m", "0.5" or "2"',
);

/** The stores delete in steps of hours and warn below a day, so less than one makes no sense. */
export const retention = text(
  /^([1-9]\d*d|(2[4-9]|[3-9]\d|[1-9]\d{2,})h)$/,
  'whole hours or days, at least 24h, such as 48h or 15d',
).transform((written) => {
  const amount = Number.parseInt(written, 10);
  return written.endsWith('d') ? Duration.days(amount) : Duration.hours(amount);
});

const milliseconds = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

type DurationUnit = keyof typeof milliseconds;

/** In the unit that was written: from milliseconds, cdk8s finds no whole number of hours in 20d. */
const durationOf: Record<DurationUnit, (amount: number) => Duration> = {
  ms: Duration.millis,
  s: Duration.seconds,
  m: Duration.minutes,
  h: Duration.hours,
  d: Duration.days,
};

/** A span of time in some of the units that Prometheus knows. */
export function duration(units: readonly DurationUnit[], example: string) {
  const wanted = `a duration in ${units.join(', ')}, such as ${example}`;
  return text(new RegExp(`^[1-9]\\d*(${units.join('|')})$`), wanted).transform((written) => {
    const unit = written.replace(/\d+/, '') as DurationUnit;
    return durationOf[unit](Number.parseInt(written, 10));
  });
}

/** A duration in the largest unit that it is whole in, as Prometheus and people write it. */
export function written(duration: Duration): string {
  const amount = duration.toMilliseconds();
  const units = Object.entries(milliseconds).reverse();
  const [unit, size] = units.find(([, each]) => amount % each === 0) ?? ['ms', 1];
  return `${amount / size}${unit}`;
}

const percentage = 'a percentage above 0% and below 100%, such as 5% or 99.5%';

/** A share, written as a percentage and read as a number below 1. */
export const percent = text(/^(?=.*[1-9])\d{1,2}(\.\d{1,3})?%$/, percentage).transform((written) =>
  Number((Number.parseFloat(written) / 100).toFixed(5)),
);

/** A range of addresses. */
export const cidr = z.union([z.cidrv4(), z.cidrv6()], 'a CIDR block such as 203.0.113.0/24');

/** Places outside the stack that a pod may connect to. */
export const destinations = z
  .array(
    z.strictObject({
      cidr: cidr.default('0.0.0.0/0').describe('Addresses, as a CIDR block'),
      port: z.int('a port number').min(1, 'a port number').max(65535, 'a port number'),
    }),
  )
  .default([]);
