import { helperMount } from '../../../lib/jobs/volume-helper.ts';
import { UserError } from '../../process/errors.ts';
import type { Contents } from '../files/archive.ts';
import type { Helper } from './helper.ts';

/**
 * What is done on a store's volume, as scripts that both GNU tools and BusyBox understand. Names
 * with white space at the top of a volume are not handled; no store makes any.
 */

/** Where a restore unpacks, and where it puts aside what was there; never part of a backup. */
const [incoming, previous] = ['.mantis-restore', '.mantis-previous'];

const inVolume = (script: string) => `set -e; cd ${helperMount}; ${script}`;
const entries = `find . -mindepth 1 -maxdepth 1 ! -name lost+found ! -name '.mantis-*'`;

/**
 * Writes all that the store has to standard output, without the volume's own directory: that may
 * belong to somebody else, who alone could change it at a restore.
 */
export function pack(marker: string): string {
  const empty = `[ $# -gt 0 ] || { echo 'the volume is empty' >&2; exit 1; }`;
  // Whoever reads says by closing our standard input that the marker has arrived.
  const handshake = `printf %s ${marker}; read -r _ || true`;
  return inVolume(`set -f -- $(${entries}); ${empty}; tar -cf - "$@"; ${handshake}`);
}

/** Unpacks standard input beside what the store has. */
export const unpack = inVolume(
  `rm -rf ${incoming} ${previous}; mkdir ${incoming}; tar -xpof - -C ${incoming}`,
);

const sizes = `-type f -exec stat -c %s {} + | awk '{ n++; s += $1 } END { printf "%d %.0f\\n", n, s }'`;

export async function measure({ sh }: Helper): Promise<Contents> {
  const skipped = `\\( -path ./lost+found -o -path './.mantis-*' \\) -prune`;
  return parse(await sh(inVolume(`find . ${skipped} -o ${sizes}`)));
}

export async function measureIncoming({ sh }: Helper): Promise<Contents> {
  return parse(await sh(inVolume(`find ${incoming} ${sizes}`)));
}

function parse(output: string): Contents {
  const [, files, bytes] = /^(\d+) (\d+)$/.exec(output.trim()) ?? [];
  if (files === undefined) throw new UserError(`the helper did not measure but said: ${output}`);
  return { files: Number(files), bytes: Number(bytes) };
}

/** Bytes that are free on the volume. */
export async function freeBytes({ sh }: Helper): Promise<number> {
  const output = await sh(`df -Pk ${helperMount} | tail -n 1 | awk '{ print $4 }'`);
  return Number(output.trim()) * 1024;
}

const moveInto = (directory: string) =>
  `while read -r name; do mv "$name" ${directory}/ || exit 1; done`;

/** Says that all the store had is aside: what lies in its place is no longer the store's own. */
const allAside = '.mantis-all';

/** Puts what was unpacked in the place of what the store had, which is kept aside. */
export function swapIn({ sh }: Helper): Promise<string> {
  const aside = `mkdir ${previous}; ${entries} | ${moveInto(previous)}; : > ${previous}/${allAside}`;
  return sh(inVolume(`${aside}; cd ${incoming}; ${entries} | ${moveInto('..')}`));
}

/** The way back, from wherever a swap has got to; drops what was unpacked. */
export function swapBack({ sh }: Helper): Promise<string> {
  const drop = `if [ -e ${previous}/${allAside} ]; then ${entries} | ${moveInto(incoming)}; fi`;
  const back = `cd ${previous}; ${entries} | ${moveInto('..')}; cd ..`;
  return sh(inVolume(`${drop}; ${back}; rm -rf ${incoming} ${previous}`));
}

/** Drops what a restore has left beside the store's data. */
export function tidy({ sh }: Helper): Promise<string> {
  return sh(inVolume(`rm -rf ${incoming} ${previous}`));
}
