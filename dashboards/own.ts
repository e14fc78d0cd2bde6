import { z } from 'zod';
import { dashboardFolder, type OwnDashboard } from '../lib/grafana/grafana.ts';
import {
  type CheckedFile,
  checkFile,
  checkNames,
  checkValue,
  firstUsers,
} from '../lib/own-files/check-file.ts';
import { type OwnFile, slug } from '../lib/own-files/own-files.ts';
import { grafanaUid, text } from '../lib/settings/units.ts';
import { allDashboards } from './index.ts';
import { dashboardQueryMistakes } from './queries/query-mistakes.ts';

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

/** A dashboard of the user's in Grafana's classic model, known by its uid. */
export type OwnDashboardModel =
  | { readonly uid: string; readonly title: string; readonly [field: string]: unknown }
  | { readonly uid?: string; readonly title?: string };

/**
 * The user's dashboards, for a ConfigMap each, and the mistakes in them.
 *
 * @param models those that are given in code, whose queries are checked too
 */
export function ownDashboards(
  ofFiles: readonly OwnFile[],
  models: readonly OwnDashboardModel[] = [],
): {
  readonly dashboards: readonly OwnDashboard[];
  readonly mistakes: readonly string[];
} {
  const checked = [...ofFiles.map((file) => checkFile(file, schema)), ...models.map(checkModel)];
  const files = checked.map(({ file }) => file);
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
      sources: [file.source ?? file.path],
    })),
    mistakes: [
      ...checkNames(files, slug),
      ...checked.flatMap(({ mistakes }) => mistakes),
      ...repeated,
      ...models.flatMap((model) =>
        dashboardQueryMistakes(model).map((mistake) => `${sourceOf(model)}: ${mistake}`),
      ),
    ],
  };
}

function sourceOf({ uid, title }: OwnDashboardModel): string {
  return `dashboards: ${title ?? uid}`;
}

/** The file of a dashboard that is given in code. */
function checkModel(model: OwnDashboardModel): CheckedFile<z.output<typeof schema>> {
  const text = `${JSON.stringify(model, null, 2)}\n`;
  const file = { path: `${model.uid}.json`, text, source: sourceOf(model) };
  return checkValue(file, JSON.parse(text), schema);
}

function folderOf({ subdirectory = ownFolder }: OwnFile): string {
  return subdirectory;
}
