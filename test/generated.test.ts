import { existsSync, readFileSync } from 'node:fs';
import { generatedFiles } from '../docs/generated.ts';
import { ports } from '../lib/model/topology.ts';
import { environmentVariables } from '../settings/env.ts';

const made = generatedFiles();

test.each(Object.keys(made))('%s is what `npm run docs` writes', (file) => {
  expect({ file, text: existsSync(file) ? readFileSync(file, 'utf8') : 'missing' }).toEqual({
    file,
    text: made[file],
  });
});

test.each(environmentVariables())('$name is in .env.example, with its meaning', (variable) => {
  const lines = readFileSync('.env.example', 'utf8').split('\n');
  const at = lines.findIndex((line) => line.startsWith(`#${variable.name}=`));
  expect(lines[at - 1]).toBe(`# ${variable.description}`);
});

test('.env.example sets nothing', () => {
  const lines = readFileSync('.env.example', 'utf8').split('\n');
  expect(lines.filter((line) => line !== '' && !line.startsWith('#'))).toEqual([]);
});

test.each(Object.entries(ports))('the port table has every port of %s', (component, own) => {
  const text = readFileSync('docs/architecture.md', 'utf8');
  for (const { number } of Object.values(own)) {
    expect(text).toContain(`| ${component} | ${number} |`);
  }
});
