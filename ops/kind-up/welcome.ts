import { datasourceUids } from '../../lib/model/uids.ts';
import type { Target } from '../cluster/kubectl.ts';
import { type AdminLogin, passwordCommand } from '../cluster/secret.ts';
import type { HostUrls } from '../connections/endpoint-urls.ts';
import { formatTable } from '../process/output.ts';

/** A path of the shop that calls the orders service, so that its trace has spans of both. */
export const ordersPath = '/api/orders';

export interface WelcomeProps {
  readonly target: Target;
  readonly urls: HostUrls;
  readonly login: AdminLogin;
  /** The trace of a request. @default - none, as the test app is disabled */
  readonly traceId?: string;
  /** The path of Grafana's URL, for links where its port is not mapped. @default - none */
  readonly grafanaPath?: string;
}

export function welcome({ target, urls, login, traceId, grafanaPath = '' }: WelcomeProps): string {
  const row = (title: string, name: keyof HostUrls, fallback: string) => [
    title,
    urls[name] ?? `not mapped: run ${fallback}`,
  ];
  const grafana = urls.grafana ?? `http://localhost:3000${grafanaPath}`;
  const shop = urls.shop ?? 'http://localhost:8080';
  const otlp = urls.otlpHttp ?? 'http://localhost:4318';
  const shopExamples = traceId !== undefined && [
    `the trace of a request: ${traceLink(grafana, traceId)}`,
    `another request: curl ${shop}${ordersPath}   and a failing one: curl ${shop}/api/users/999`,
  ];
  const examples = [
    ...(shopExamples || []),
    `your own app: OTEL_EXPORTER_OTLP_ENDPOINT=${otlp} with any OpenTelemetry SDK`,
    'components, restarts and volumes: ./mantis status',
    'the web pages of Prometheus and Alertmanager: ./mantis port-forward',
  ];
  return [
    formatTable([
      row('Grafana', 'grafana', './mantis grafana'),
      ...(traceId === undefined ? [] : [row('Shop', 'shop', './mantis port-forward')]),
      row('OTLP/gRPC', 'otlpGrpc', './mantis port-forward'),
      row('OTLP/HTTP', 'otlpHttp', './mantis port-forward'),
    ]),
    '',
    `  Login  ${login.user} / ${login.password}`,
    `  to print the password again: ${passwordCommand(target)}`,
    '',
    'Try',
    ...examples.slice(0, 3).map((line, index) => `  ${index + 1}. ${line}`),
  ].join('\n');
}

export function traceLink(grafana: string, traceId: string): string {
  const uid = datasourceUids.tempo;
  const panes = {
    trace: {
      datasource: uid,
      queries: [
        { refId: 'A', datasource: { type: 'tempo', uid }, queryType: 'traceql', query: traceId },
      ],
      range: { from: 'now-1h', to: 'now' },
    },
  };
  const query = new URLSearchParams({ schemaVersion: '1', panes: JSON.stringify(panes) });
  return `${grafana}/explore?${query}`;
}
