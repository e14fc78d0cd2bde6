import { z } from 'zod';
import { dnsLabel, text } from '../settings/units.ts';

const days = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
const months = [
  ...['january', 'february', 'march', 'april', 'may', 'june', 'july', 'august', 'september'],
  ...['october', 'november', 'december'],
];
const time = text(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'a time of day such as 08:30');

/** One value, or two in order with a colon in between. @param order of a value; undefined for no value */
function ranges(order: (value: string) => number | undefined, wanted: string) {
  const isRange = (given: string) => {
    const values = given.split(':').map(order);
    const [first = 0, last = first] = values;
    // Alertmanager cannot compare the fifth with the third last of a month.
    const isComparable = Math.sign(first) === Math.sign(last);
    return values.length <= 2 && !values.includes(undefined) && (first <= last || !isComparable);
  };
  return z.array(z.string(wanted).refine(isRange, wanted)).optional();
}

const named = (names: readonly string[], first: number) => (value: string) =>
  names.includes(value) ? names.indexOf(value) + first : undefined;
const numbered = (pattern: RegExp) => (value: string) =>
  pattern.test(value) ? Number(value) : undefined;
const month = (value: string) => named(months, 1)(value) ?? numbered(/^([1-9]|1[0-2])$/)(value);

const times = z
  .strictObject({ start_time: time, end_time: time })
  .refine(
    ({ start_time, end_time }) => start_time < end_time,
    'a start before the end: split a night at 24:00 and 00:00',
  );

/**
 * Times in the format of Alertmanager
 * (https://prometheus.io/docs/alerting/latest/configuration/#time_interval-0).
 */
const interval = z.strictObject({
  times: z.array(times).optional(),
  weekdays: ranges(named(days, 1), 'a day or range such as monday:friday; a week begins on sunday'),
  days_of_month: ranges(
    numbered(/^-?([1-9]|[12]\d|3[01])$/),
    'a day or range such as 1:5 or -3:-1',
  ),
  months: ranges(month, 'a month or range such as may:august or 1:3'),
  years: ranges(numbered(/^\d{4}$/), 'a year or range such as 2026:2027'),
  location: z.string().refine(isTimeZone, 'a time zone such as Europe/Berlin').optional(),
});

function isTimeZone(name: string): boolean {
  return name === 'UTC' || Intl.supportedValuesOf('timeZone').includes(name);
}

/** Named times, at which receivers are notified, or not. */
export const timeIntervalSettings = z
  .array(
    z.strictObject({
      name: dnsLabel,
      intervals: z.array(interval).min(1, 'at least one interval'),
    }),
  )
  .default([])
  .describe(
    'Named time intervals, for `activeTimes` and `muteTimes` of receivers, in the format of the configuration of Alertmanager',
  );

export type TimeIntervals = z.output<typeof timeIntervalSettings>;
