import type { ConfigObject } from '../model/config-file.ts';
import type { Receiver } from './receivers.ts';
import type { AlertmanagerSettings } from './settings.ts';

export interface AlertmanagerConfigProps {
  readonly receivers: AlertmanagerSettings['receivers'];
  /** Where the keys of the Secret are mounted as files. */
  readonly secretDir: string;
  /** Which alerts keep it from telling of others. */
  readonly inhibitRules: readonly ConfigObject[];
}

/** The receiver that tells nobody: alerts are still seen in Grafana and Alertmanager. */
const nobody = 'null';

/** How soon and how often somebody is told. */
const pace: Record<Receiver['severities'][number], ConfigObject> = {
  critical: { repeat_interval: '1h' },
  warning: { group_wait: '30s', repeat_interval: '12h' },
  info: { group_wait: '30s', repeat_interval: '24h' },
  // The watchdog: who hears it no more knows that alerting is broken.
  none: { repeat_interval: '5m' },
};

/** Alertmanager (https://prometheus.io/docs/alerting/latest/configuration/; 0.34). */
export function alertmanagerConfig(props: AlertmanagerConfigProps): ConfigObject {
  const { receivers } = props;
  return {
    route: {
      receiver: nobody,
      group_by: ['alertname', 'service'],
      group_wait: '10s',
      group_interval: '1m',
      repeat_interval: '4h',
      ...(receivers.length > 0 && { routes: receivers.flatMap(routes) }),
    },
    receivers: [{ name: nobody }, ...receivers.map((each) => receiver(each, props.secretDir))],
    inhibit_rules: props.inhibitRules,
  };
}

function routes({ name, severities }: Receiver): ConfigObject[] {
  return severities.map((severity) => ({
    receiver: name,
    matchers: [`severity="${severity}"`],
    ...pace[severity],
    // So that every receiver that wants it is told.
    continue: true,
  }));
}

function receiver({ name, webhook, slack, email, pagerduty }: Receiver, dir: string): ConfigObject {
  const send_resolved = true;
  const file = (key: string) => `${dir}/${key}`;
  return {
    name,
    ...(webhook && {
      webhook_configs: [
        { send_resolved, ...(webhook.urlKey ? { url_file: file(webhook.urlKey) } : webhook) },
      ],
    }),
    ...(slack && {
      slack_configs: [
        { send_resolved, api_url_file: file(slack.urlKey), ...slackText(slack.channel) },
      ],
    }),
    ...(email && {
      email_configs: [
        {
          send_resolved,
          to: email.to,
          from: email.from,
          smarthost: email.smarthost,
          ...(email.username && { auth_username: email.username }),
          ...(email.passwordKey && { auth_password_file: file(email.passwordKey) }),
        },
      ],
    }),
    ...(pagerduty && {
      pagerduty_configs: [
        {
          send_resolved,
          routing_key_file: file(pagerduty.routingKeyKey),
          // PagerDuty knows no severity "none".
          severity:
            '{{ if eq .CommonLabels.severity "none" }}info{{ else }}{{ .CommonLabels.severity }}{{ end }}',
          description: '{{ .CommonAnnotations.summary }}',
          details: { runbook: '{{ .CommonAnnotations.runbook_url }}' },
          client_url: '{{ .CommonAnnotations.dashboard_url }}',
        },
      ],
    }),
  };
}

/** What is wrong and the two links, since Slack's default text has none of it. */
function slackText(channel: string): ConfigObject {
  return {
    channel,
    title: '{{ .Status | toUpper }}: {{ .CommonLabels.alertname }} {{ .CommonLabels.service }}',
    // Its default leads to the address of Alertmanager's pod, where nobody gets.
    title_link: '{{ (index .Alerts 0).Annotations.dashboard_url }}',
    text: '{{ range .Alerts }}{{ .Annotations.description }}\n{{ .Annotations.runbook_url }}\n{{ .Annotations.dashboard_url }}\n{{ end }}',
  };
}
