import { existsSync, readFileSync } from 'node:fs';
import { generatedFiles } from '../docs/generated.ts';
import { enabledServices } from '../lib/model/parts.ts';
import { ports } from '../lib/model/ports.ts';
import { environmentVariables } from '../settings/env.ts';
import { defaultSettings } from '../settings/load.ts';

const generated = generatedFiles();

test.each(Object.keys(generated))('%s is up to date; if not, run npm run docs', (file) => {
  expect({ file, text: existsSync(file) ? readFileSync(file, 'utf8') : 'missing' }).toEqual({
    file,
    text: generated[file],
  });
});

test.each(environmentVariables())('$name is in .env.example, with its description', (variable) => {
  const lines = readFileSync('.env.example', 'utf8').split('\n');
  const at = lines.findIndex((line) => line.startsWith(`#${variable.name}=`));
  expect(lines[at - 1]).toBe(`# ${variable.description}`);
});

test('.env.example sets nothing', () => {
  const lines = readFileSync('.env.example', 'utf8').split('\n');
  expect(lines.filter((line) => line !== '' && !line.startsWith('#'))).toEqual([]);
});

test.each(enabledServices(defaultSettings()))(
  'the port table has every port of %s',
  (component) => {
    const text = readFileSync('docs/architecture.md', 'utf8');
    for (const { number } of Object.values(ports[component])) {
      expect(text).toContain(`| ${component} | ${number} |`);
    }
  },
);
