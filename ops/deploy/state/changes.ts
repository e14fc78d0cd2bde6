import { explainApply, serverSide } from '../../cluster/apply.ts';
import { clusterOf, kubectl, type Target } from '../../cluster/kubectl.ts';
import { readText } from '../../cluster/manifests.ts';
import { CommandError } from '../../process/run.ts';

/** What would be different after an apply. */
export interface Changes {
  readonly created: readonly string[];
  readonly changed: readonly string[];
  /** The difference as kubectl prints it. */
  readonly text: string;
}

/** Asks the API server what an apply of a directory would change, without changing anything. */
export async function changesOf(target: Target, directory: string): Promise<Changes> {
  try {
    const args = ['diff', ...serverSide, '--filename=-'];
    await kubectl(clusterOf(target), args, { input: readText(directory) });
    return parseChanges('');
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    // 1 is a difference; anything above is an error.
    if (error.code === 1 && error.stdout !== '') return parseChanges(error.stdout);
    throw explainApply(target, error);
  }
}

/** Reads the output of `kubectl diff`: one `diff -u` of LIVE and MERGED for each object. */
export function parseChanges(text: string): Changes {
  const parts = text.split(/^(?=diff )/m).filter((part) => part.startsWith('diff '));
  const named = parts.map((part) => ({ name: nameOf(part), isNew: /^@@ -0,0 /m.test(part) }));
  return {
    created: named.filter(({ isNew }) => isNew).map(({ name }) => name),
    changed: named.filter(({ isNew }) => !isNew).map(({ name }) => name),
    text,
  };
}

/** `statefulset/loki` of `/tmp/MERGED-123/apps.v1.StatefulSet.observability.loki`. */
function nameOf(part: string): string {
  const [, file = ''] = /\/MERGED-[^/]+\/(\S+)/.exec(part) ?? [];
  const [, kind = '', , name = ''] = /(?:^|\.)v\d\w*\.([A-Z]\w+)\.([^.]*)\.(.+)$/.exec(file) ?? [];
  return `${kind.toLowerCase()}/${name}`;
}
