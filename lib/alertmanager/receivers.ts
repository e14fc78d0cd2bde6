import { z } from 'zod';
import { destinations, dnsLabel, text } from '../settings/units.ts';

export const severities = ['critical', 'warning', 'info', 'none'] as const;

const key = text(/^[-._a-zA-Z0-9]+$/, 'a key of the Secret: letters, digits and - . _');
const url = text(/^https?:\/\/[^\s/]\S*$/, 'a URL beginning with http:// or https://');
const address = text(/^[^\s@]+@[^\s@]+$/, 'an e-mail address');

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

/** Refuses two receivers of one name, and keys without a Secret. */
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
    if (secret === undefined && receiverSecretKeys(receiver).length > 0) {
      const message = `the name of the Secret with the keys of receiver ${name}`;
      issues.push({ code: 'custom', input: undefined, path: ['secret'], message });
    }
  });
};
