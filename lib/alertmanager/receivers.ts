import { z } from 'zod';
import { ownFiles } from '../own-files/own-files.ts';
import { isRe2 } from '../settings/re2.ts';
import { destinations, dnsLabel, text } from '../settings/units.ts';
import { type TimeIntervals, timeIntervalSettings } from './time-intervals.ts';

export const severities = ['critical', 'warning', 'info', 'none'] as const;

const key = text(/^[-._a-zA-Z0-9]+$/, 'a key of the Secret: letters, digits and - . _');
const url = text(/^https?:\/\/[^\s/]\S*$/, 'a URL beginning with http:// or https://');
const address = text(/^[^\s@,]+@[^\s@,]+$/, 'an e-mail address');
const matcher = text(
  /^[a-zA-Z_]\w*\s*(=|!=|=~|!~)\s*"([^"\\]|\\.)*"$/,
  'a matcher such as team="checkout" or namespace=~"shops|carts"',
).refine((value) => {
  const [, pattern] = /~\s*"(.*)"$/.exec(value) ?? [];
  return pattern === undefined || isRe2(pattern.replaceAll(/\\(["\\])/g, '$1'));
}, 'a matcher whose regular expression is one for Go programs');
const intervalNames = z.array(dnsLabel).default([]);

/** Text of a notification, in which files of alertmanager.templates can be used. */
const template = z.string().min(1);

const receiver = z
  .strictObject({
    name: dnsLabel.refine(
      (name) => name !== 'null',
      'another name: null is the receiver without notifications',
    ),
    severities: z
      .array(z.enum(severities, `one of ${severities.join(', ')}`))
      .min(1, `at least one of ${severities.join(', ')}`)
      .default(['critical', 'warning']),
    matchers: z.array(matcher).default([]).describe('Only alerts that match all of these'),
    activeTimes: intervalNames.describe('Only at these of alertmanager.timeIntervals'),
    muteTimes: intervalNames.describe('Not at these of alertmanager.timeIntervals'),
    webhook: z.strictObject({ url: url.optional(), urlKey: key.optional() }).optional(),
    slack: z
      .strictObject({
        channel: z.string().min(1),
        urlKey: key,
        title: template.optional(),
        text: template.optional(),
      })
      .optional(),
    email: z
      .strictObject({
        to: z.union([address, z.array(address).min(1)], 'an e-mail address, or a list'),
        from: address,
        smarthost: text(/^[^\s:]+:\d+$/, 'host:port of a mail server'),
        username: z.string().optional(),
        passwordKey: key.optional(),
        requireTls: z
          .boolean('true or false')
          .default(true)
          .describe('Whether a mail server without TLS is refused'),
        subject: template.optional(),
        html: template.optional(),
      })
      .optional(),
    pagerduty: z.strictObject({ routingKeyKey: key }).optional(),
  })
  .check(({ value, issues }) => {
    const integrations = [value.webhook, value.slack, value.email, value.pagerduty];
    const refuse = (path: string, message: string) =>
      issues.push({ code: 'custom', input: value.name, path: [path], message });
    if (integrations.every((integration) => integration === undefined)) {
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

/** Settings for receivers, their Secret and the addresses that they need. */
export const receiverSettings = {
  receivers: z
    .array(receiver)
    .default([])
    .describe(
      'Receivers of notifications, each with webhook, slack, email or pagerduty. Without receivers alerts are only visible in Grafana and Alertmanager',
    ),
  timeIntervals: timeIntervalSettings,
  templates: ownFiles.describe(
    'Your own template files (`.tmpl`), or directories with them, relative to mantis.yaml, for the texts of notifications',
  ),
  secret: dnsLabel
    .optional()
    .describe('Name of an existing Secret with the keys that receivers refer to'),
  egress: destinations.describe(
    'Destinations outside the stack that Alertmanager may connect to, such as those of its receivers',
  ),
};

/** The keys of the Secret that a receiver refers to. */
export function receiverSecretKeys({ webhook, slack, email, pagerduty }: Receiver): string[] {
  const keys = [webhook?.urlKey, slack?.urlKey, email?.passwordKey, pagerduty?.routingKeyKey];
  return keys.filter((key) => key !== undefined);
}

interface CheckedSettings {
  receivers: Receiver[];
  secret?: string;
  timeIntervals: TimeIntervals;
}

/** Refuses two receivers of one name, keys without a Secret, unknown times, and lost alerts. */
export const checkReceivers: z.core.CheckFn<CheckedSettings> = ({
  value: { receivers, secret, timeIntervals },
  issues,
}) => {
  const defined = timeIntervals.map(({ name }) => name);
  const always = ({ matchers, activeTimes, muteTimes }: Receiver) =>
    [...matchers, ...activeTimes, ...muteTimes].length === 0;
  for (const severity of ['critical', 'warning'] as const) {
    const takers = receivers.filter(({ severities }) => severities.includes(severity));
    if (takers.length === 0 || takers.some(always)) continue;
    issues.push({
      code: 'custom',
      input: takers.map(({ name }) => name),
      path: ['receivers'],
      message: `a receiver of severity ${severity} without matchers, activeTimes and muteTimes, which gets what the others do not`,
    });
  }
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
    for (const key of ['activeTimes', 'muteTimes'] as const) {
      for (const unknown of receiver[key].filter((each) => !defined.includes(each))) {
        const message = `a name of alertmanager.timeIntervals: ${defined.join(', ') || 'there is none'}`;
        issues.push({ code: 'custom', input: unknown, path: ['receivers', index, key], message });
      }
    }
    if (secret === undefined && receiverSecretKeys(receiver).length > 0) {
      const message = `the name of the Secret with the keys of receiver ${name}`;
      issues.push({ code: 'custom', input: undefined, path: ['secret'], message });
    }
  });
};
