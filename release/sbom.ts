import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { command } from './command.ts';

interface Component {
  name: string;
  externalReferences?: { type: string; url: string }[];
}

interface Bom {
  serialNumber?: string;
  metadata: { timestamp?: string; component: Component };
  components: Component[];
}

/**
 * The packages that a package of this repository runs with, as CycloneDX
 * (https://cyclonedx.org/docs/1.5/json/), without what differs from machine to machine.
 */
export function sbom(directory: string): string {
  const args = ['sbom', '--package-lock-only', '--sbom-format', 'cyclonedx', '--omit', 'dev'];
  const { code, stdout, output } = command(directory, 'npm', args);
  if (code !== 0) throw new Error(output);
  const bom = JSON.parse(stdout) as Bom;
  delete bom.serialNumber;
  delete bom.metadata.timestamp;
  // npm takes it from the directory.
  const { name } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as Component;
  bom.metadata.component.name = name;
  for (const component of bom.components) {
    component.externalReferences = component.externalReferences?.filter(
      ({ type }) => type !== 'distribution',
    );
  }
  return `${JSON.stringify(bom, null, 2)}\n`;
}
