import { isPlacementOfComponent } from '../../lib/settings/placement.ts';
import { type ExplainedSetting, explainSettings } from '../../settings/load.ts';
import { formatTable, print } from '../process/output.ts';

/** `./mantis config`: prints the value of every setting, and where it comes from. */
export function config({ json }: { json?: boolean }): void {
  const settings = explainSettings({ file: 'mantis.yaml', env: process.env });
  print(json ? JSON.stringify(settings, null, 2) : configTable(settings));
}

export function configTable(settings: readonly ExplainedSetting[]): string {
  const rows = settings
    // Where it is not set, that of all pods applies.
    .filter(({ key, value }) => value !== undefined || !isPlacementOfComponent(key))
    .map(({ key, value, source }) => [key, formatValue(value), source]);
  return formatTable([['SETTING', 'VALUE', 'FROM'], ...rows], '');
}

function formatValue(value: unknown): string {
  if (value === undefined) return '(not set)';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
