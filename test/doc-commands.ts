import { markdownFiles } from './markdown.ts';

/** A shell block that can be run as it is. */
export interface ShellBlock {
  readonly file: string;
  readonly script: string;
}

const markers = { here: 'runs', cluster: 'runs on a cluster' } as const;

/**
 * The blocks after `<!-- runs -->`, which need no cluster, or after `<!-- runs on a cluster -->`.
 */
export function shellBlocks(where: keyof typeof markers): ShellBlock[] {
  const block = new RegExp(`^<!-- ${markers[where]} -->\\n+\`\`\`sh\\n([\\s\\S]*?)^\`\`\`$`, 'gm');
  return markdownFiles().flatMap(({ file, text }) =>
    [...text.matchAll(block)].map(([, script = '']) => ({ file, script: script.trim() })),
  );
}

/** Keeps make from installing packages while tests use them. */
export const withoutInstalls = {
  ...process.env,
  MAKEFLAGS: '-o node_modules/.installed -o test-app/node_modules/.installed',
};

/** Makes a block fail when any of its commands does. */
export const strictShellFlags = ['-eu', '-o', 'pipefail', '-c'] as const;
