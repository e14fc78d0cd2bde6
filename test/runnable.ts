import { markdownFiles } from './markdown.ts';

/** A shell block that its document says can be run as it is. */
export interface Runnable {
  readonly file: string;
  readonly script: string;
}

const marks = { here: 'runs', cluster: 'runs on a cluster' } as const;

/**
 * The blocks behind `<!-- runs -->`, which need no cluster, or behind `<!-- runs on a cluster -->`.
 */
export function runnable(where: keyof typeof marks): Runnable[] {
  const block = new RegExp(`^<!-- ${marks[where]} -->\\n+\`\`\`sh\\n([\\s\\S]*?)^\`\`\`$`, 'gm');
  return markdownFiles().flatMap(({ file, text }) =>
    [...text.matchAll(block)].map(([, script = '']) => ({ file, script: script.trim() })),
  );
}

/** What a shell is told so that a block fails when any of its commands does. */
export const shell = ['-eu', '-o', 'pipefail', '-c'] as const;
