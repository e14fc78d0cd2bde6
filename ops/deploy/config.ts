import { type ExplainedSetting, explainSettings } from '../../settings/load.ts';
import { say, table } from '../process/output.ts';

/** Prints every setting in force, and where its value comes from. */
export function config({ json }: { json?: boolean }): void {
  const settings = explainSettings({ file: 'mantis.yaml', env: process.env });
  say(json ? JSON.stringify(settings, null, 2) : configTable(settings));
}

export function configTable(settings: readonly ExplainedSetting[]): string {
  const rows = settings.map(({ key, value, source }) => [key, written(value), source]);
  return table([['SETTING', 'VALUE', 'FROM'], ...rows], '');
}

function written(value: unknown): string {
  if (value === undefined) return '(not set)';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
