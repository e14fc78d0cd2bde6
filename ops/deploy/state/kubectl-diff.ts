import { applyFlags, explainApplyError } from '../../cluster/apply.ts';
import { kubectl, type Target, withoutNamespace } from '../../cluster/kubectl.ts';
import { readManifestText } from '../../cluster/manifests.ts';
import { CommandError } from '../../process/run.ts';

export async function kubectlDiff(target: Target, directory: string): Promise<DiffResult> {
  try {
    const args = ['diff', ...applyFlags, '--filename=-'];
    await kubectl(withoutNamespace(target), args, { input: readManifestText(directory) });
    return parseDiffOutput('');
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    // Exit code 1 means differences, any other an error.
    if (error.code === 1 && error.stdout !== '') return parseDiffOutput(error.stdout);
    throw explainApplyError(target, error);
  }
}

/** Parses the output of `kubectl diff`: a `diff -u` of LIVE and MERGED for each object. */
export function parseDiffOutput(text: string) {
  const parts = text.split(/^(?=diff )/m).filter((part) => part.startsWith('diff '));
  const named = parts.map((part) => ({ name: nameOf(part), isNew: /^@@ -0,0 /m.test(part) }));
  return {
    created: named.filter(({ isNew }) => isNew).map(({ name }) => name),
    changed: named.filter(({ isNew }) => !isNew).map(({ name }) => name),
    text,
  };
}

export type DiffResult = ReturnType<typeof parseDiffOutput>;

/** `statefulset/loki` of `/tmp/MERGED-123/apps.v1.StatefulSet.observability.loki`. */
function nameOf(part: string): string {
  const [, file = ''] = /\/MERGED-[^/]+\/(\S+)/.exec(part) ?? [];
  const [, kind = '', , name = ''] = /(?:^|\.)v\d\w*\.([A-Z]\w+)\.([^.]*)\.(.+)$/.exec(file) ?? [];
  return `${kind.toLowerCase()}/${name}`;
}
