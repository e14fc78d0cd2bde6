import { readdirSync, readFileSync } from 'node:fs';
import { join, normalize } from 'node:path';

/** Folder or file, and what it may import beside itself, from the table in CONTRIBUTING.md. */
const rules = [
  ...readFileSync('CONTRIBUTING.md', 'utf8').matchAll(/^\| `([^`]+)` \|.*\| (`[^|]*`) \|$/gm),
].map(([, place = '', allowed = '']) => ({
  place,
  allowed: [...allowed.matchAll(/`([^`]+)`/g)].map(([, path = '']) => path),
}));

const within = (path: string, place: string) =>
  place.endsWith('/') ? path.startsWith(place) : path === place;

function sourcesIn(place: string): string[] {
  if (!place.endsWith('/')) return [place];
  return readdirSync(place, { recursive: true, encoding: 'utf8' })
    .filter(
      (file) => /(?<!\.test)\.ts$/.test(file) && !/node_modules|testing\/|promtool\//.test(file),
    )
    .map((file) => join(place, file));
}

test.each(rules)('$place imports only what CONTRIBUTING.md says', ({ place, allowed }) => {
  const files = sourcesIn(place);
  const imports = files.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/from '(\.[^']+)'/g)].map(([, path = '']) => ({
      file,
      path: normalize(join(file, '..', path)),
    })),
  );
  expect(imports.length).toBeGreaterThan(0);
  const foreign = imports.filter(
    ({ path }) => ![place, ...allowed].some((each) => within(path, each)),
  );
  expect(foreign).toEqual([]);
});
