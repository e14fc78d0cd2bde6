import { isAtLeast, parseVersion, tools, versionError } from './tools.ts';

test.each([
  ['28.2.2', '28.2.2'],
  ['20.10.24+dfsg1', '20.10.24'],
  ['kind v0.30.0 go1.26.8 linux/amd64', '0.30.0'],
  ['{ "clientVersion": { "major": "1", "gitVersion": "v1.34.0-dispatcher" } }', '1.34.0'],
  ['kind (devel)', undefined],
])('the version in %j is %s', (output, version) => {
  expect(parseVersion(output)).toBe(version);
});

test.each([
  ['1.26', true],
  ['1.26.3', true],
  ['2.0', true],
  ['1.100', true],
  ['1.25.9', false],
  ['0.99', false],
])('%s is at least 1.26: %s', (version, expected) => {
  expect(isAtLeast(version, '1.26')).toBe(expected);
});

test.each(tools)('an old $name is an error that says what to install', (tool) => {
  const message = versionError(tool, '0.1.0');
  expect(message).toContain(`${tool.name} 0.1.0 is too old`);
  expect(message).toContain(tool.minimum);
  expect(message).toContain(tool.install);
});

test('a version that cannot be parsed is no error', () => {
  expect(versionError(tools[1], 'kind (devel)')).toBeUndefined();
});
