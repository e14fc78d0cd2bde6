import type { Duration } from 'cdk8s';
import { z } from 'zod';
import { notAMap } from '../../lib/own-files/check-file.ts';
import { text } from '../../lib/settings/units.ts';

/**
 * The schema of a rule file of Prometheus and of Loki's ruler, which uses the same
 * (https://prometheus.io/docs/prometheus/latest/configuration/recording_rules/; model/rulefmt of
 * 3.16).
 */

interface OwnRuleCommon {
  /** A query: PromQL for Prometheus, a metric query of LogQL for Loki. */
  readonly expr: string;
  /** Labels of the result, whose values may be templates in alerts. @default - none */
  readonly labels?: Readonly<Record<string, string>>;
}

/** An alert of the user's. */
export interface OwnAlert extends OwnRuleCommon {
  readonly alert: string;
  /** Pending period, such as `5m` or `Duration.minutes(5)`. @default - it fires immediately */
  readonly for?: string | Duration;
  /** How long it keeps firing after its condition has ended. @default - not at all */
  readonly keep_firing_for?: string | Duration;
  /** Texts, which may be templates, such as `summary` and `runbook_url`. @default - none */
  readonly annotations?: Readonly<Record<string, string>>;
}

/** A query of the user's whose result is stored as a metric. */
export interface OwnRecordingRule extends OwnRuleCommon {
  readonly record: string;
}

/** A group of the user's rules, which are evaluated one after the other, in Prometheus' own keys. */
export interface OwnRuleGroup {
  /** Its name, which no other group has. */
  readonly name: string;
  /** Evaluation interval. @default - the one of Prometheus or the ruler */
  readonly interval?: string | Duration;
  /** By how much the query is evaluated in the past. @default - 30s in Prometheus, none in Loki */
  readonly query_offset?: string | Duration;
  /** Alerts or series of one rule, above which it fails. @default - no limit */
  readonly limit?: number;
  /** Labels that are added to all its rules. @default - none */
  readonly labels?: Readonly<Record<string, string>>;
  readonly rules: readonly (OwnAlert | OwnRecordingRule)[];
}

/** A string; YAML's numbers and booleans are strings to Prometheus too. */
const scalar = z.union([z.string(), z.number(), z.boolean()], 'a string').transform(String);

const duration = text(
  /^(?=.)(?:(\d+y)?(\d+w)?(\d+d)?(\d+h)?(\d+m)?(\d+s)?(\d+ms)?|0)$/,
  'a duration such as 90s, 5m or 1h30m',
);

const template = scalar.refine(
  (value) => !value.replaceAll(/\{\{[\s\S]*?\}\}/g, '').includes('{{'),
  'a template in which each {{ has its }}',
);

const strings = z
  .record(
    z.string().refine((name) => name !== '' && name !== '__name__'),
    template,
    { error: ({ code }) => (code === 'invalid_key' ? 'the name of a label' : 'a map of strings') },
  )
  .nullish();

const rule = z
  .strictObject(
    {
      record: scalar
        .refine((name) => /^[^{}]+$/.test(name), 'the name of a metric, without braces')
        .optional(),
      alert: scalar.refine((name) => name !== '', 'the name of an alert').optional(),
      expr: scalar.refine((query) => query.trim() !== '', 'a query'),
      for: duration.optional(),
      keep_firing_for: duration.optional(),
      labels: strings,
      annotations: strings,
    },
    { error: notAMap },
  )
  .check(({ value, issues }) => {
    const { record, alert } = value;
    if ((record === undefined) === (alert === undefined)) {
      const message = 'either alert or record';
      const input = record === undefined ? undefined : { alert, record };
      issues.push({ code: 'custom', input, path: [], message });
    }
    if (record === undefined) return;
    for (const key of ['for', 'keep_firing_for', 'annotations'] as const) {
      if (value[key] === undefined || value[key] === null) continue;
      const message = 'none: only alerts have it';
      issues.push({ code: 'custom', input: value[key], path: [key], message });
    }
  });

const group = z.strictObject(
  {
    name: scalar.refine((name) => name !== '', 'a name'),
    interval: duration.optional(),
    query_offset: duration.optional(),
    limit: z.int('a whole number').optional(),
    labels: strings,
    rules: z.array(rule, 'a list of rules'),
  },
  { error: notAMap },
);

export const ruleFileSchema = z.strictObject(
  { groups: z.array(group, 'a list of groups') },
  { error: notAMap },
);
