import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  dashboardHash,
  pictureProblems,
  picturesDirectory,
  picturesFile,
  picturesSchema,
} from '../bench/browser/pictures.ts';
import { allDashboards } from '../dashboards/index.ts';
import { markdownFiles } from './markdown.ts';

/** Pictures that documents show, as Markdown or as HTML with one for each theme. */
const embedded = markdownFiles().flatMap(({ text }) =>
  [...text.matchAll(/\bpictures\/([\w-]+\.jpg)\b/g)].map(([, name = '']) => name),
);

test('the pictures in the documentation show the dashboards as they are', () => {
  const directory = existsSync(picturesDirectory) ? readdirSync(picturesDirectory) : [];
  const record = join(picturesDirectory, picturesFile);
  const { pictures } = existsSync(record)
    ? picturesSchema.parse(JSON.parse(readFileSync(record, 'utf8')))
    : { pictures: {} };
  const files = directory.filter((name) => name !== picturesFile);
  expect(pictureProblems(embedded, files, { pictures }, allDashboards)).toEqual([]);
});

const logs = { uid: 'mantis-logs', title: 'Logs' };
const shown = { 'logs-dark.jpg': dashboardHash(logs) };
const problems = (
  inDocuments: readonly string[],
  files: readonly string[],
  pictures: Readonly<Record<string, string>>,
) => pictureProblems(inDocuments, files, { pictures }, [logs]);

test('a picture of the current dashboard is right', () => {
  expect(problems(['logs-dark.jpg'], ['logs-dark.jpg'], shown)).toEqual([]);
});

test.each([
  ['older than its dashboard', ['logs-dark.jpg'], { 'logs-dark.jpg': 'another' }],
  ['missing', [], shown],
] as const)('a picture that is %s is refused', (what, files, pictures) => {
  expect(problems(['logs-dark.jpg'], files, pictures)).toEqual([
    `logs-dark.jpg is ${what}: run npm run screenshots`,
  ]);
});

test('a picture of no dashboard is refused, in a document or not', () => {
  const refusal = ['weather-dark.jpg shows no dashboard of Mantis'];
  expect(problems(['weather-dark.jpg'], [], {})).toEqual(refusal);
  expect(problems([], ['weather-dark.jpg'], {})).toEqual(refusal);
});

test('a picture that no document shows must be current too', () => {
  expect(problems([], ['logs-dark.jpg'], {})).toHaveLength(1);
});
