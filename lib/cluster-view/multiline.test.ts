import { multilineOperators } from './multiline.ts';
import { clusterViewSettings } from './settings.ts';

const parse = (multiline: unknown) => clusterViewSettings.safeParse({ logs: { multiline } });
const operatorsOf = (multiline: unknown) =>
  multilineOperators(clusterViewSettings.parse({ logs: { multiline } }).logs.multiline);

test('nothing is joined by default', () => {
  expect(operatorsOf(undefined)).toEqual([]);
});

test('the streams of the named containers are joined each by itself', () => {
  const operators = operatorsOf([{ namespaces: ['shops', 'tests'], containers: ['web'] }]);
  expect(operators.map(({ id, if: condition }) => [id, condition])).toEqual(
    ['stdout', 'stderr'].map((stream) => [
      `multiline/0/${stream}`,
      `attributes["log.iostream"] == "${stream}" and resource["k8s.namespace.name"] in ["shops", "tests"] and resource["k8s.container.name"] in ["web"]`,
    ]),
  );
  expect(operators[0]).toMatchObject({ is_first_entry: 'body matches "^\\\\S"' });
});

test('a dollar sign is no environment variable', () => {
  const [first] = operatorsOf([{ firstLine: '^\\d{4}|^END$' }]);
  expect(first).toMatchObject({ is_first_entry: 'body matches "^\\\\d{4}|^END$$"' });
});

test.each(['(', '(?!x)', '(?<=x)y', '(a)\\1', '', 7])(
  '%j as first line is refused',
  (firstLine) => {
    const { error } = parse([{ firstLine }]);
    expect(error?.issues[0]?.path).toEqual(['logs', 'multiline', 0, 'firstLine']);
  },
);

test('an empty list of names is refused', () => {
  const { error } = parse([{ containers: [] }]);
  expect(error?.issues[0]?.message).toContain('leave it out for all');
});
