import { stringify } from 'yaml';
import { z } from 'zod';
import { dryRun } from '../cluster/apply.ts';
import type { Target } from '../cluster/kubectl.ts';
import { parseObjects, readFiles } from '../cluster/manifests.ts';
import { partedFiles } from '../cluster/related-namespaces.ts';
import { tempDir } from '../process/temp-dir.ts';
import { type Revision, writeDirectory } from './state/revision.ts';

const elsewhere = tempDir('deploy-dry-run');
const object = z.looseObject({ kind: z.string(), metadata: z.looseObject({}) });

/**
 * Lets the API server judge everything without changing anything. Where the namespace is still to
 * be made it would refuse all that is in it, so it is asked about copies in `default`.
 *
 * @returns how many objects it accepts
 */
export async function judge(target: Target, directory: string, fresh: boolean): Promise<number> {
  if (fresh) return judgeCopies(target, readFiles(directory));
  const { there, toCome } = await partedFiles(target, directory);
  const accepted = Object.keys(toCome).length === 0 ? 0 : await judgeCopies(target, toCome);
  writeDirectory(elsewhere, there);
  return accepted + (await dryRun(target, elsewhere));
}

async function judgeCopies(target: Target, files: Revision): Promise<number> {
  const copies = Object.entries(files).map(([file, text]) => {
    const objects = parseObjects(text).map((each) => inDefault(object.parse(each)));
    return [file, objects.map((each) => stringify(each)).join('---\n')];
  });
  writeDirectory(elsewhere, Object.fromEntries(copies));
  return dryRun(target, elsewhere);
}

function inDefault({ metadata, ...rest }: z.output<typeof object>): object {
  const { namespace, ...others } = metadata;
  return {
    ...rest,
    metadata: { ...others, ...(namespace !== undefined && { namespace: 'default' }) },
  };
}
