import { datasourceUids } from '../../lib/model/datasource-uids.ts';
import type { Target } from '../cluster/kubectl.ts';
import { type Login, passwordCommand } from '../cluster/secret.ts';
import type { HostUrls } from '../connections/connections.ts';
import { table } from '../process/output.ts';
import { path } from './smoke-test.ts';

export interface WelcomeProps {
  readonly target: Target;
  readonly urls: HostUrls;
  readonly login: Login;
  /** A trace that is stored. @default - no test app, so there is none yet */
  readonly traceId?: string;
}

/** What a person does next: where things are, how to log in, what to look at first. */
export function welcome({ target, urls, login, traceId }: WelcomeProps): string {
  const row = (title: string, name: keyof HostUrls, otherwise: string) => [
    title,
    urls[name] ?? `not mapped: ${otherwise}`,
  ];
  const grafana = urls.grafana ?? 'http://localhost:3000';
  const shop = urls.shop ?? 'http://localhost:8080';
  const otlp = urls.otlpHttp ?? 'http://localhost:4318';
  const shopRows = traceId === undefined ? [] : [row('Shop', 'shop', './mantis port-forward')];
  const shopTries =
    traceId === undefined
      ? []
      : [
          `that request's trace: ${traceLink(grafana, traceId)}`,
          `more of them: curl ${shop}${path}   and a failing one: curl ${shop}/api/users/999`,
        ];
  const tries = [
    ...shopTries,
    `your own app: OTEL_EXPORTER_OTLP_ENDPOINT=${otlp} with any OpenTelemetry SDK`,
    'what runs, with volumes and restarts: ./mantis status',
    "the stores' own pages: ./mantis port-forward",
  ];
  return [
    table([
      row('Grafana', 'grafana', 'make grafana'),
      ...shopRows,
      row('OTLP/gRPC', 'otlpGrpc', './mantis port-forward'),
      row('OTLP/HTTP', 'otlpHttp', './mantis port-forward'),
    ]),
    '',
    `  Login  ${login.user} / ${login.password}`,
    `  again  ${passwordCommand(target)}`,
    '',
    'Try',
    ...tries.slice(0, 3).map((line, index) => `  ${index + 1}. ${line}`),
  ].join('\n');
}

/** Grafana's Explore, opened at one trace. */
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
