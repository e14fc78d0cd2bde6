import { z } from 'zod';
import { dashboardFolder, type OwnDashboard } from '../lib/grafana/grafana.ts';
import { checkFile, checkNames, firstUsers } from '../lib/own-files/check-file.ts';
import { type OwnFile, slug } from '../lib/own-files/own-files.ts';
import { grafanaUid, text } from '../lib/settings/units.ts';
import { allDashboards } from './index.ts';

/** Title of the folder of dashboards that are in no subdirectory. */
export const ownFolder = 'Own';

/**
 * What Grafana needs of the classic model, the only one that file provisioning accepts; the rest is
 * the user's.
 */
const schema = z
  .looseObject(
    {
      uid: grafanaUid,
      title: text(/\S/, 'a title'),
    },
    'a dashboard',
  )
  .check(({ value, issues }) => {
    const inputs = value.__inputs;
    if (!Array.isArray(inputs) || inputs.length === 0) return;
    const message =
      'none: only a person who imports it can fill it in; export it for this Grafana, not for sharing';
    issues.push({ code: 'custom', input: inputs, path: ['__inputs'], message });
  });

/** The user's dashboards, for a ConfigMap each, and the mistakes in them. */
export function ownDashboards(files: readonly OwnFile[]): {
  readonly dashboards: readonly OwnDashboard[];
  readonly mistakes: readonly string[];
} {
  const checked = files.map((file) => checkFile(file, schema));
  const placeOf = (folder: string, title: string) => JSON.stringify([folder, title]);
  const otherOfUid = firstUsers(allDashboards.map(({ uid }) => uid));
  const otherOfPlace = firstUsers(
    allDashboards.map(({ title }) => placeOf(dashboardFolder, title)),
  );
  const repeated = checked.flatMap(({ file, value, mistake }) => {
    if (value === undefined) return [];
    const { uid, title } = value;
    const sameUid = otherOfUid(uid, file);
    const sameTitle = otherOfPlace(placeOf(folderOf(file), title), file);
    // Grafana would save none of the dashboards of these folders.
    const another = (key: string, got: string, other: string) =>
      mistake([key], `${key}: got "${got}", wanted another one, because ${other} has it`);
    return [
      ...(sameUid === undefined ? [] : [another('uid', uid, sameUid)]),
      ...(sameTitle === undefined ? [] : [another('title', title, sameTitle)]),
    ];
  });
  return {
    dashboards: checked.map(({ file, value }) => ({
      name: slug(file.path),
      folder: folderOf(file),
      files: { [`${value?.uid}.json`]: file.text },
      sources: [file.path],
    })),
    mistakes: [
      ...checkNames(files, slug),
      ...checked.flatMap(({ mistakes }) => mistakes),
      ...repeated,
    ],
  };
}

function folderOf({ subdirectory = ownFolder }: OwnFile): string {
  return subdirectory;
}
