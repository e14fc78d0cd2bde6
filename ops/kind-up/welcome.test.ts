import { traceLink, welcome } from './welcome.ts';

const props = {
  target: { context: 'kind-mantis', namespace: 'observability' },
  login: { user: 'admin', password: 'secret' },
  urls: {
    grafana: 'http://localhost:13000',
    shop: 'http://localhost:8080',
    otlpGrpc: 'http://localhost:4317',
    otlpHttp: 'http://localhost:4318',
  },
  traceId: 'a0b1',
};

test('the text has URLs, login and three things to try', () => {
  const text = welcome(props);
  for (const url of Object.values(props.urls)) expect(text).toContain(url);
  expect(text).toContain('admin / secret');
  expect(text.match(/^ {2}\d\. /gm)).toHaveLength(3);
});

test('without port mappings the text has the commands that connect', () => {
  const text = welcome({ ...props, urls: {} });
  expect(text).toContain('./mantis grafana');
  expect(text).toContain('./mantis port-forward');
});

test('without the test app the text does not mention it', () => {
  const text = welcome({ ...props, urls: { grafana: props.urls.grafana }, traceId: undefined });
  expect(text).not.toMatch(/shop|\/api\//i);
});

test('the link opens the trace in Explore with the Tempo datasource', () => {
  const link = new URL(traceLink(props.urls.grafana, props.traceId));
  const { trace } = JSON.parse(link.searchParams.get('panes') ?? '');
  expect(trace.datasource).toBe('tempo');
  expect(trace.queries[0].query).toBe(props.traceId);
});
