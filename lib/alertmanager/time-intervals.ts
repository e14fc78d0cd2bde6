import { z } from 'zod';
import { dnsLabel, text } from '../settings/units.ts';

const day = 'sunday|monday|tuesday|wednesday|thursday|friday|saturday';
const time = text(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'a time of day such as 08:30');
const range = (of: string) => new RegExp(`^(${of})(:(${of}))?$`);

/**
 * Times in the format of Alertmanager
 * (https://prometheus.io/docs/alerting/latest/configuration/#time_interval-0).
 */
const interval = z.strictObject({
  times: z.array(z.strictObject({ start_time: time, end_time: time })).optional(),
  weekdays: z.array(text(range(day), 'a day or range such as monday:friday')).optional(),
  days_of_month: z
    .array(text(range('-?([1-9]|[12]\\d|3[01])'), 'a day or range such as 1:5 or -3:-1'))
    .optional(),
  months: z
    .array(text(range('[1-9]|1[0-2]|[a-z]{3,9}'), 'a month or range such as may:august'))
    .optional(),
  years: z.array(text(range('\\d{4}'), 'a year or range such as 2026:2027')).optional(),
  location: z.string().refine(isTimeZone, 'a time zone such as Europe/Berlin').optional(),
});

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).format(0) !== '';
  } catch {
    return false;
  }
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
    'Named times, for `activeTimes` and `muteTimes` of receivers; intervals as in the configuration of Alertmanager',
  );

export type TimeIntervals = z.output<typeof timeIntervalSettings>;
