import { datasourceUids } from '../lib/datasources.ts';
import type { HostUrls } from './access.ts';
import type { Target } from './kubectl.ts';
import { table } from './output.ts';
import { type Login, passwordCommand } from './secret.ts';
import { path } from './smoke.ts';

export interface WelcomeProps {
  readonly target: Target;
  readonly urls: HostUrls;
  readonly login: Login;
  /** A trace that is stored. @default - no test app, so there is none yet */
  readonly traceId?: string;
}

/** What a person does next: where things are, how to log in, what to look at first. */
export function welcome({ target, urls, login, traceId }: WelcomeProps): string {
  const mapped = (name: keyof HostUrls, help: string) => urls[name] ?? `not mapped: ${help}`;
  const grafana = urls.grafana ?? 'http://localhost:3000';
  const shop = urls.shop ?? 'http://localhost:8080';
  const tries = [
    ...(traceId === undefined ? [] : [`the trace of that request: ${traceLink(grafana, traceId)}`]),
    `more of them: curl ${shop}${path}   and an error: curl ${shop}/api/users/999`,
    'your own app: OTEL_EXPORTER_OTLP_ENDPOINT=' +
      `${urls.otlpHttp ?? 'http://localhost:4318'} and its usual OpenTelemetry SDK`,
    'what runs and what it uses: make status',
  ];
  return [
    table([
      ['Grafana', mapped('grafana', 'make grafana')],
      ['Shop', mapped('shop', 'make port-forward')],
      ['OTLP/gRPC', mapped('otlpGrpc', 'make port-forward')],
      ['OTLP/HTTP', mapped('otlpHttp', 'make port-forward')],
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
