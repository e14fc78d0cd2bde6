import { stringify } from 'yaml';
import { z } from 'zod';
import { synthesize } from '../../charts/synth.ts';
import { dryRunDirectory } from '../cluster/apply.ts';
import { exists, kubectl, type Target } from '../cluster/kubectl.ts';
import { parseDocuments, readManifestFiles } from '../cluster/manifests.ts';
import { splitFilesByNamespace } from '../cluster/related-namespaces.ts';
import type { Session } from '../cluster/session.ts';
import { messageOf } from '../process/errors.ts';
import { print } from '../process/output.ts';
import { tempDir } from '../process/temp-dir.ts';
import { type Revision, writeDirectory } from './state/revision.ts';

const outdir = tempDir('deploy-dry-run');
const objectSchema = z.looseObject({ kind: z.string(), metadata: z.looseObject({}) });

/**
 * Validates every object with a server-side dry run. The API server rejects objects whose namespace
 * does not exist yet; copies of those in the namespace `default` are validated instead.
 *
 * @param fresh whether the stack's namespace is still to be created
 * @returns how many objects the API server accepts
 */
export async function serverSideDryRun(
  target: Target,
  directory: string,
  fresh: boolean,
): Promise<number> {
  if (fresh) return dryRunInDefault(target, readManifestFiles(directory));
  const { existing, missing } = await splitFilesByNamespace(target, directory);
  const accepted = Object.keys(missing).length === 0 ? 0 : await dryRunInDefault(target, missing);
  writeDirectory(outdir, existing);
  return accepted + (await dryRunDirectory(target, outdir));
}

async function dryRunInDefault(target: Target, files: Revision): Promise<number> {
  const copies = Object.entries(files).map(([file, text]) => {
    const objects = parseDocuments(text).map((each) => inDefault(objectSchema.parse(each)));
    return [file, objects.map((each) => stringify(each)).join('---\n')];
  });
  writeDirectory(outdir, Object.fromEntries(copies));
  return dryRunDirectory(target, outdir);
}

function inDefault({ metadata, ...rest }: z.output<typeof objectSchema>): object {
  const { namespace, ...others } = metadata;
  return {
    ...rest,
    metadata: { ...others, ...(namespace !== undefined && { namespace: 'default' }) },
  };
}

/**
 * `./mantis dry-run`: validates the manifests with the API server's schemas and admission rules.
 * Skipped, with a message, where no cluster answers or the namespace does not exist.
 */
export async function dryRunManifests({ settings, target }: Session): Promise<void> {
  try {
    await kubectl(target, ['version']);
  } catch (error) {
    print(`SKIPPED: server-side dry run: ${messageOf(error)}`);
    return;
  }
  if (!(await exists(target, 'namespace', target.namespace))) {
    print(
      `SKIPPED: server-side dry run: no namespace ${target.namespace} in ${target.context} yet`,
    );
    return;
  }
  const outdir = tempDir('dry-run');
  synthesize(settings, outdir);
  const count = await serverSideDryRun(target, outdir, false);
  print(`the API server of context ${target.context} accepts all ${count} objects`);
}
