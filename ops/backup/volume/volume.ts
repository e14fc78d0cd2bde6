import { helperMountPath } from '../../../lib/jobs/volume-helper.ts';
import { UserError } from '../../process/errors.ts';
import type { HelperPod } from './helper.ts';

/**
 * Shell scripts for a store's volume, for GNU tools and BusyBox. Names with white space at the top level
 * of a volume are not supported; no store has any.
 */

/** Where a restore unpacks, and where it moves the previous data; never part of a backup. */
const [restoredDirectory, previousDirectory] = ['.mantis-restore', '.mantis-previous'];

const inVolume = (script: string) => `set -e; cd ${helperMountPath}; ${script}`;
const listEntries = `find . -mindepth 1 -maxdepth 1 ! -name lost+found ! -name '.mantis-*'`;

/**
 * Writes the data of the store to standard output as tar, without an entry for the root directory of the
 * volume, whose owner may be another user.
 */
export function packScript(marker: string): string {
  const empty = `[ $# -gt 0 ] || { echo 'the volume is empty' >&2; exit 1; }`;
  // The reader closes the standard input when the marker has arrived.
  const handshake = `printf %s ${marker}; read -r _ || true`;
  return inVolume(`set -f -- $(${listEntries}); ${empty}; tar -cf - "$@"; ${handshake}`);
}

export const unpackScript = inVolume(
  `rm -rf ${restoredDirectory} ${previousDirectory}; mkdir ${restoredDirectory}; tar -xpof - -C ${restoredDirectory}`,
);

const sizes = `-type f -exec stat -c %s {} + | awk '{ n++; s += $1 } END { printf "%d %.0f\\n", n, s }'`;

/** Number and total size of the files. */
export async function measureVolume({ sh }: HelperPod) {
  const skipped = `\\( -path ./lost+found -o -path './.mantis-*' \\) -prune`;
  return parse(await sh(inVolume(`find . ${skipped} -o ${sizes}`)));
}

export async function measureRestored({ sh }: HelperPod) {
  return parse(await sh(inVolume(`find ${restoredDirectory} ${sizes}`)));
}

function parse(output: string) {
  const [, files, bytes] = /^(\d+) (\d+)$/.exec(output.trim()) ?? [];
  if (files === undefined) throw new UserError(`unexpected output of the helper pod: ${output}`);
  return { files: Number(files), bytes: Number(bytes) };
}

export async function freeBytes({ sh }: HelperPod): Promise<number> {
  const output = await sh(`df -Pk ${helperMountPath} | tail -n 1 | awk '{ print $4 }'`);
  return Number(output.trim()) * 1024;
}

const moveInto = (directory: string) =>
  `while read -r name; do mv "$name" ${directory}/ || exit 1; done`;

/** Exists when all previous data was moved: what is in its place then belongs to the restore. */
const completeMarker = '.mantis-all';

export function activate({ sh }: HelperPod): Promise<string> {
  const aside = `mkdir ${previousDirectory}; ${listEntries} | ${moveInto(previousDirectory)}; : > ${previousDirectory}/${completeMarker}`;
  return sh(inVolume(`${aside}; cd ${restoredDirectory}; ${listEntries} | ${moveInto('..')}`));
}

/** Undoes `activate`, even half done, and deletes the restored data. */
export function restorePreviousData({ sh }: HelperPod): Promise<string> {
  const drop = `if [ -e ${previousDirectory}/${completeMarker} ]; then ${listEntries} | ${moveInto(restoredDirectory)}; fi`;
  const back = `cd ${previousDirectory}; ${listEntries} | ${moveInto('..')}; cd ..`;
  return sh(inVolume(`${drop}; ${back}; rm -rf ${restoredDirectory} ${previousDirectory}`));
}

export function cleanUp({ sh }: HelperPod): Promise<string> {
  return sh(inVolume(`rm -rf ${restoredDirectory} ${previousDirectory}`));
}
