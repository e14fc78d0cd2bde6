import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

/** A folder or file, and what it may import beside itself, from the table in CONTRIBUTING.md. */
const rules = [
  ...readFileSync('CONTRIBUTING.md', 'utf8').matchAll(
    /^\| `([^`]+)` \|.*\| ((?:`[^|]*`)|nothing) \|$/gm,
  ),
].map(([, path = '', allowed = '']) => ({
  place: path,
  allowed: [...allowed.matchAll(/`([^`]+)`/g)].map(([, path = '']) => path),
}));

const within = (path: string, place: string) =>
  place.endsWith('/') ? path.startsWith(place) : path === place;

/** Helpers of tests are held to the table too, but may use the helpers in test/ as tests do. */
const isTest = (file: string) => /\.test\.ts$|\/testing\/|^alerts\/promtool\//.test(file);

function sourcesIn(place: string): string[] {
  if (!place.endsWith('/')) return [place];
  return readdirSync(place, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.includes('node_modules'))
    .map((file) => join(place, file));
}

const packageName = '@mantis-o11y/mantis';

/** `import … from`, `export … from`, `import '…'` and `import('…')`, of files of this repository. */
const specifier =
  /(?:\bfrom|\bimport|\bimport\()\s*['"]((?:\.|@mantis-o11y\/mantis\b)[^'"\n]*)['"]/g;

/** The file of a specifier: of a path, or of an entry of the package. */
function fileOf(from: string, path: string): string {
  return path.startsWith(packageName)
    ? normalize(`${path.slice(packageName.length)}/index.ts`).slice(1)
    : normalize(join(dirname(from), path));
}

interface Import {
  readonly from: string;
  readonly to: string;
}

const importsOf = (from: string): Import[] =>
  [...readFileSync(from, 'utf8').matchAll(specifier)].map(([, path = '']) => ({
    from,
    to: fileOf(from, path),
  }));

const places = rules.map(({ place }) => place);
const files = places.flatMap(sourcesIn).filter((file) => !file.endsWith('.test.ts'));
const imports = files.flatMap(importsOf);

test('dynamic imports are found', () => {
  expect(imports).toContainEqual({
    from: 'ops/backup/s3/open.ts',
    to: 'ops/backup/s3/bucket.ts',
  });
});

test.each(rules)('$place imports only what CONTRIBUTING.md says', ({ place, allowed }) => {
  const own = imports.filter(({ from }) => within(from, place));
  expect(own.length).toBeGreaterThan(0);
  const foreign = own.filter(({ from, to }) => {
    const places = [place, ...allowed, ...(isTest(from) ? ['test/'] : [])];
    return !places.some((each) => within(to, each));
  });
  expect(foreign).toEqual([]);
});

test('every folder of sources has its line in CONTRIBUTING.md', () => {
  const folders = readdirSync('.', { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map(({ name }) => `${name}/`)
    .filter((name) => !['node_modules/', 'coverage/', 'backups/'].includes(name))
    .filter((name) => sourcesIn(name).length > 0);
  expect(places).toEqual(expect.arrayContaining(folders));
});

/** The first circle of imports, found by depth-first search. */
function circle(edges: readonly Import[]): string[] | undefined {
  const next = new Map<string, Set<string>>();
  for (const { from, to } of edges) {
    if (from !== to) next.set(from, (next.get(from) ?? new Set()).add(to));
  }
  const done = new Set<string>();
  const search = (path: readonly string[]): string[] | undefined => {
    const [last = ''] = path.slice(-1);
    const before = path.indexOf(last);
    if (before < path.length - 1) return path.slice(before);
    if (done.has(last)) return undefined;
    for (const to of next.get(last) ?? []) {
      const found = search([...path, to]);
      if (found !== undefined) return found;
    }
    done.add(last);
    return undefined;
  };
  for (const from of next.keys()) {
    const found = search([from]);
    if (found !== undefined) return found;
  }
  return undefined;
}

test('circle() finds a circle', () => {
  const edges = ['a b', 'b c', 'c d', 'd b'].map((edge) => {
    const [from = '', to = ''] = edge.split(' ');
    return { from, to };
  });
  expect(circle(edges)).toEqual(['b', 'c', 'd', 'b']);
  expect(circle(edges.slice(0, 3))).toBeUndefined();
});

test('files have no circular imports', () => {
  expect(circle(imports)).toBeUndefined();
});

test('folders have no circular imports', () => {
  // Tests and their helpers may look at everything.
  const sources = imports.filter(
    ({ from, to }) => !isTest(from) && !within(from, 'test/') && !isTest(to),
  );
  const folders = sources.map(({ from, to }) => ({ from: dirname(from), to: dirname(to) }));
  expect(circle(folders)).toBeUndefined();
});

const folders = [...new Set(files.map(dirname))].filter((folder) => !/^test(\/|$)/.test(folder));

test.each(folders)('%s has at most 15 source files', (folder) => {
  const own = files.filter((file) => dirname(file) === folder);
  expect(own.length).toBeLessThanOrEqual(15);
});

test('every imported file exists', () => {
  expect(imports.filter(({ to }) => !existsSync(to))).toEqual([]);
});
