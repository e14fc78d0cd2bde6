import { basename, join, relative, sep } from 'node:path';
import type { IConstruct } from 'constructs';

/**
 * Which files of this repository an object of the output comes from, so that anyone can find the
 * origin of a line of YAML. Every file gives its own name, so none is wrong after a move.
 */

const root = join(import.meta.dirname, '../..');
const metadataType = 'mantis.dev/source';

/**
 * The path of a source file from the root of the repository, given its `import.meta.filename`, also in
 * the package, where it is compiled to JavaScript; a file outside is known by its name.
 */
export function sourceFile(filename: string): string {
  const path = relative(root, filename).split(sep).join('/');
  return path.startsWith('../') ? basename(filename) : path.replace(/\.js$/, '.ts');
}

/** Key under which a value holds the source file that it is written in; JSON leaves symbols out. */
export const sourceKey: unique symbol = Symbol('source');

/** Declares the source files of a construct and of everything below it that declares none. */
export function declareSource(construct: IConstruct, ...files: readonly string[]): void {
  construct.node.addMetadata(metadataType, files);
}

/**
 * The source files of a construct.
 *
 * @throws Error if neither it nor any construct that it belongs to declares them
 */
export function sourcesOf(construct: IConstruct): readonly string[] {
  for (const scope of [...construct.node.scopes].reverse()) {
    const declared = scope.node.metadata.find(({ type }) => type === metadataType);
    if (declared !== undefined) return declared.data;
  }
  throw new Error(`${construct.node.path} declares no source file`);
}
