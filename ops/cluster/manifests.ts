import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';

const container = z.object({ image: z.string() });
const template = z.object({
  spec: z.object({ containers: z.array(container), initContainers: z.array(container).optional() }),
});

/** What operations have to know of an object that we wrote. */
const manifestSchema = z.object({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.object({ name: z.string(), namespace: z.string().optional() }),
  spec: z.object({ template: template.optional() }).optional(),
});

export type Manifest = z.output<typeof manifestSchema>;

/** The objects of one YAML text. */
export function parseManifests(text: string): Manifest[] {
  return parseObjects(text).map((object) => manifestSchema.parse(object));
}

/** The same, with all that is in them. */
export function parseObjects(text: string): unknown[] {
  return parseAllDocuments(text)
    .map((document): unknown => document.toJS())
    .filter((object) => object !== null);
}

/** The text of every file that synth wrote to a directory, by its name. */
export function readFiles(directory: string): Record<string, string> {
  const files = readdirSync(directory).filter((file) => file.endsWith('.yaml'));
  return Object.fromEntries(
    files.sort().map((file) => [file, readFileSync(join(directory, file), 'utf8')]),
  );
}

/** A file, or all that synth wrote to a directory, as one text that kubectl takes. */
export function readText(path: string): string {
  if (!statSync(path).isDirectory()) return readFileSync(path, 'utf8');
  return Object.values(readFiles(path)).join('\n---\n');
}

/** The objects of every file that synth wrote to a directory. */
export function readManifests(directory: string): Manifest[] {
  return Object.values(readFiles(directory)).flatMap(parseManifests);
}

/** Every image that pods of these objects run, once. */
export function imagesOf(manifests: readonly Manifest[]): string[] {
  const containers = manifests.flatMap(({ spec }) => {
    const pod = spec?.template?.spec;
    return [...(pod?.containers ?? []), ...(pod?.initContainers ?? [])];
  });
  return [...new Set(containers.map(({ image }) => image))].sort();
}
