import { createHash } from 'node:crypto';
import { z } from 'zod';
import { dashboardUids } from '../../lib/model/uids.ts';

/** Where `npm run screenshots` writes. */
export const picturesDirectory = 'docs/pictures';
export const picturesFile = 'pictures.json';
export const themes = ['light', 'dark'] as const;

/** What pictures.json says of the pictures beside it. */
export const picturesSchema = z.object({
  grafanaVersion: z.string(),
  takenAt: z.iso.date(),
  /** The dashboard of each picture, as `dashboardHash` has it. */
  pictures: z.record(z.string(), z.string()),
});
export type Pictures = z.infer<typeof picturesSchema>;

export interface NamedDashboard {
  readonly uid: string;
}

/** Changes with anything in a dashboard. */
export function dashboardHash(dashboard: NamedDashboard): string {
  return createHash('sha256').update(JSON.stringify(dashboard)).digest('hex').slice(0, 16);
}

/** The file name of a picture. */
export function pictureName({ uid }: NamedDashboard, theme: (typeof themes)[number]): string {
  const [name] = Object.entries(dashboardUids).find(([, known]) => known === uid) ?? [];
  if (name === undefined) throw new Error(`no dashboard of Mantis has the uid ${uid}`);
  return `${name}-${theme}.jpg`;
}

/**
 * What is wrong with the pictures in the documentation; nothing if they show the dashboards.
 *
 * @param embedded names of pictures in documents
 * @param files names of pictures that exist
 */
export function pictureProblems(
  embedded: readonly string[],
  files: readonly string[],
  { pictures }: Pick<Pictures, 'pictures'>,
  dashboards: readonly NamedDashboard[],
): string[] {
  const current = new Map(
    dashboards.flatMap((each) =>
      themes.map((theme) => [pictureName(each, theme), dashboardHash(each)] as const),
    ),
  );
  return [...new Set([...embedded, ...files])].sort().flatMap((name) => {
    if (!current.has(name)) return [`${name} shows no dashboard of Mantis`];
    if (!files.includes(name)) return [`${name} is missing: run npm run screenshots`];
    if (pictures[name] === current.get(name)) return [];
    return [`${name} is older than its dashboard: run npm run screenshots`];
  });
}
