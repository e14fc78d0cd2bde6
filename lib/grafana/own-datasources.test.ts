import { datasourceSecretKeys, ownDatasources } from './own-datasources.ts';

const file = (datasource: string, path = 'ds.yaml') => ({
  path,
  text: `apiVersion: 1\ndatasources:\n- ${datasource}\n`,
});
const warehouse = 'name: Warehouse\n  uid: warehouse\n  type: postgres\n';
const more = (text: string) => file(`${warehouse}  ${text}`);
const mistakes = (datasource: string, secret?: string) =>
  ownDatasources([file(datasource)], { secret }).mistakes;

test('data sources are kept as they are written', () => {
  const own = more('secureJsonData: { password: $WAREHOUSE_PASSWORD }');
  expect(ownDatasources([own], { secret: 'grafana' })).toEqual({
    datasources: [
      {
        name: 'Warehouse',
        uid: 'warehouse',
        type: 'postgres',
        secureJsonData: { password: '$WAREHOUSE_PASSWORD' },
      },
    ],
    sources: ['ds.yaml'],
    mistakes: [],
  });
  expect(datasourceSecretKeys([own])).toEqual(['WAREHOUSE_PASSWORD']);
});

test.each([
  ['name: W\n  uid: w', '3:3: datasources.0.type: got nothing, wanted the id of a data source'],
  ['name: W\n  type: x', '3:3: datasources.0.uid: got nothing, wanted a uid'],
  ['uid: w\n  type: x', '3:3: datasources.0.name: got nothing, wanted a name'],
  [`${warehouse}  password: x`, '6:3: datasources.0.password: no such key'],
  [`${warehouse}  isDefault: true`, '6:14: datasources.0.isDefault: got true, wanted false'],
  ['name: W\n  uid: loki\n  type: x', '4:8: uid: got "loki", wanted another one, because Mantis'],
  ['name: Tempo\n  uid: t\n  type: x', '3:9: name: got "Tempo", wanted another one, because Man'],
  [`${warehouse}  url: https://a:b@c`, '6:8: url: wanted a URL without a password'],
  [`${warehouse}  jsonData: { apiToken: x }`, '6:25: jsonData.apiToken: belongs in secureJson'],
  [`${warehouse}  jsonData: { httpHeaderValue1: x }`, '6:33: jsonData.httpHeaderValue1: belongs'],
])('%j is refused by file, line and column', (datasource, expected) => {
  const found = mistakes(datasource, 'grafana');
  expect(found).toHaveLength(1);
  expect(found[0]?.slice(0, `ds.yaml:${expected}`.length)).toBe(`ds.yaml:${expected}`);
});

test.each(['hunter2', '$$ecret', '5$', '$5'])('the secret %s is refused', (value) => {
  expect(mistakes(`${warehouse}  secureJsonData: { password: "${value}" }`, 'grafana')).toEqual([
    'ds.yaml:6:31: secureJsonData.password: wanted not the secret itself, but $NAME, for the key NAME of the Secret that grafana.secret names',
  ]);
});

test.each(['$TOKEN', `\${TOKEN}`, 'Bearer $TOKEN', '$$$TOKEN'])(
  'the reference %s to a Secret is accepted, if there is one',
  (value) => {
    const datasource = `${warehouse}  secureJsonData: { httpHeaderValue1: "${value}" }`;
    expect(mistakes(datasource, 'grafana')).toEqual([]);
    expect(mistakes(datasource)).toEqual([
      'ds.yaml:6:39: secureJsonData.httpHeaderValue1: wanted grafana.secret, the name of the Secret with the key TOKEN',
    ]);
  },
);

test('a name or uid that another file has is refused', () => {
  const files = [file(warehouse), file(warehouse, 'other.yaml')];
  expect(ownDatasources(files, {}).mistakes).toEqual([
    'other.yaml:4:8: uid: got "warehouse", wanted another one, because ds.yaml has it',
    'other.yaml:3:9: name: got "Warehouse", wanted another one, because ds.yaml has it',
  ]);
});

test.each(['prune: true', 'deleteDatasources: []'])('%s is refused', (line) => {
  const text = `${line}\ndatasources: []\n`;
  expect(ownDatasources([{ path: 'ds.yaml', text }], {}).mistakes).toHaveLength(1);
});

test('an address that NetworkPolicies deny is refused', () => {
  const at = (url: string) => ownDatasources([more(`url: ${url}`)], { isolated: true }).mistakes;
  for (const url of ['warehouse.example.com:5432', 'https://prometheus-2.other.svc']) {
    expect(at(url)).toEqual([
      'ds.yaml:6:8: url: wanted its port in grafana.egress, such as [{ port: 5432 }]: NetworkPolicies deny Grafana all others',
    ]);
  }
  expect(at('http://prometheus.observability.svc:9090')).toEqual([]);
});
