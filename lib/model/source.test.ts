import { Testing } from 'cdk8s';
import { Construct } from 'constructs';
import { declareSource, sourceFile, sourcesOf } from './source.ts';

test('a file is named by its path in the repository', () => {
  expect(sourceFile(import.meta.filename)).toBe('lib/model/source.test.ts');
});

test('a construct has the sources of the nearest one that declares any', () => {
  const outer = new Construct(Testing.chart(), 'outer');
  const inner = new Construct(outer, 'inner');
  const other = new Construct(outer, 'other');
  declareSource(outer, 'outer.ts');
  declareSource(inner, 'a.ts', 'b.ts');
  expect(sourcesOf(new Construct(inner, 'below'))).toEqual(['a.ts', 'b.ts']);
  expect(sourcesOf(other)).toEqual(['outer.ts']);
});

test('a construct without a source is an error that names the construct', () => {
  const construct = new Construct(Testing.chart(), 'lost');
  expect(() => sourcesOf(construct)).toThrow('test/lost declares no source file');
});
