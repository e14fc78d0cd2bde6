import type { ConfigObject } from '../model/config-file.ts';
import { sourceFile } from '../model/source.ts';
import { attributes } from '../telemetry/app.ts';
import { serviceLabels } from '../telemetry/identity.ts';
import { label } from '../telemetry/metric.ts';
import type { Receiver } from './receivers.ts';
import type { AlertmanagerSettings } from './settings.ts';

export const alertmanagerConfigSource = sourceFile(import.meta.filename);

export interface AlertmanagerConfigProps {
  readonly receivers: AlertmanagerSettings['receivers'];
  readonly timeIntervals: AlertmanagerSettings['timeIntervals'];
  /** Template files, as paths with wildcards. */
  readonly templates: readonly string[];
  /** Mount path of the Secret's keys. */
  readonly secretDir: string;
  readonly inhibitRules: readonly ConfigObject[];
  /** Whether notifications over HTTP go through the proxy in the environment. @default false */
  readonly usesProxy?: boolean;
}

const environment = label(attributes.deploymentEnvironmentName);

/** The receiver without notifications; alerts are still visible in Grafana and Alertmanager. */
const nullReceiver = 'null';

/** Group wait and repeat interval of each severity. */
const notificationTiming: Record<Receiver['severities'][number], ConfigObject> = {
  critical: { repeat_interval: '1h' },
  warning: { group_wait: '30s', repeat_interval: '12h' },
  info: { group_wait: '30s', repeat_interval: '24h' },
  // The Watchdog alert: an external service raises an alarm when its notifications stop.
  none: { repeat_interval: '5m' },
};

/**
 * The configuration of Alertmanager (https://prometheus.io/docs/alerting/latest/configuration/;
 * 0.34).
 */
export function alertmanagerConfig(props: AlertmanagerConfigProps): ConfigObject {
  const { receivers } = props;
  return {
    ...(props.usesProxy && { global: { http_config: { proxy_from_environment: true } } }),
    route: {
      receiver: nullReceiver,
      group_by: ['alertname', ...serviceLabels('service')],
      group_wait: '10s',
      group_interval: '1m',
      repeat_interval: '4h',
      ...(receivers.length > 0 && {
        routes: [...receivers.flatMap(routes), ...otherSeverities(receivers)],
      }),
    },
    time_intervals: props.timeIntervals.map(({ name, intervals }) => ({
      name,
      time_intervals: intervals,
    })),
    templates: [...props.templates],
    receivers: [
      { name: nullReceiver },
      ...receivers.map((each) => receiver(each, props.secretDir)),
    ],
    inhibit_rules: props.inhibitRules,
  };
}

function routes(receiver: Receiver): ConfigObject[] {
  return receiver.severities.map((severity) => ({
    ...route(receiver, `severity="${severity}"`),
    ...notificationTiming[severity],
  }));
}

function route({ name, matchers, activeTimes, muteTimes }: Receiver, severity: string) {
  return {
    receiver: name,
    matchers: [severity, ...matchers],
    ...(activeTimes.length > 0 && { active_time_intervals: activeTimes }),
    ...(muteTimes.length > 0 && { mute_time_intervals: muteTimes }),
    // So that every matching receiver is notified.
    continue: true,
  };
}

/**
 * Alerts of another severity, or of none, as the user's own rules may have: without these routes
 * the default one would notify nobody.
 */
function otherSeverities(receivers: readonly Receiver[]): ConfigObject[] {
  const known = Object.keys(notificationTiming).join('|');
  return receivers
    .filter(({ severities }) => severities.includes('critical') || severities.includes('warning'))
    .map((each) => route(each, `severity!~"${known}"`));
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
      slack_configs: [{ send_resolved, api_url_file: file(slack.urlKey), ...slackText(slack) }],
    }),
    ...(email && {
      email_configs: [
        {
          send_resolved,
          to: [email.to].flat().join(', '),
          from: email.from,
          smarthost: email.smarthost,
          ...(!email.requireTls && { require_tls: false }),
          ...(email.subject && { headers: { Subject: email.subject } }),
          ...(email.html && { html: email.html }),
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
          // PagerDuty refuses any other.
          severity:
            '{{ with .CommonLabels.severity }}{{ if eq . "critical" "error" "warning" "info" }}{{ . }}{{ else if eq . "none" }}info{{ else }}error{{ end }}{{ else }}error{{ end }}',
          description: '{{ .CommonAnnotations.summary }}',
          details: { runbook: '{{ .CommonAnnotations.runbook_url }}' },
          client_url: '{{ .CommonAnnotations.dashboard_url }}',
        },
      ],
    }),
  };
}

/** Description and links, which the default Slack template lacks. */
function slackText({ channel, title, text }: NonNullable<Receiver['slack']>): ConfigObject {
  return {
    channel,
    title:
      title ??
      `{{ .Status | toUpper }}: {{ .CommonLabels.alertname }} {{ .CommonLabels.service }}{{ with .CommonLabels.${environment} }} in {{ . }}{{ end }}`,
    // The default is the address of Alertmanager's pod, which users cannot open.
    title_link: '{{ (index .Alerts 0).Annotations.dashboard_url }}',
    text:
      text ??
      '{{ range .Alerts }}{{ .Annotations.description }}\n{{ .Annotations.runbook_url }}\n{{ .Annotations.dashboard_url }}\n{{ end }}',
  };
}
