import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';

const container = z.object({ image: z.string() });
const template = z.object({
  spec: z.object({ containers: z.array(container), initContainers: z.array(container).optional() }),
});

/** The fields of an object that operations read. */
const objectSchema = z.object({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.object({ name: z.string(), namespace: z.string().optional() }),
  spec: z.object({ template: template.optional() }).optional(),
});

export type KubernetesObject = z.output<typeof objectSchema>;

export function parseManifests(text: string): KubernetesObject[] {
  return parseDocuments(text).map((object) => objectSchema.parse(object));
}

/** Parses the documents of a YAML text, with all of their fields. */
export function parseDocuments(text: string): unknown[] {
  return parseAllDocuments(text)
    .map((document): unknown => document.toJS())
    .filter((object) => object !== null);
}

export function readManifestFiles(directory: string): Record<string, string> {
  const files = readdirSync(directory).filter((file) => file.endsWith('.yaml'));
  return Object.fromEntries(
    files.sort().map((file) => [file, readFileSync(join(directory, file), 'utf8')]),
  );
}

/** The text of a manifest file, or of all those of a directory, as one input for kubectl. */
export function readManifestText(path: string): string {
  if (!statSync(path).isDirectory()) return readFileSync(path, 'utf8');
  return Object.values(readManifestFiles(path)).join('\n---\n');
}

export function readManifests(directory: string): KubernetesObject[] {
  return Object.values(readManifestFiles(directory)).flatMap(parseManifests);
}

export function imagesOf(objects: readonly KubernetesObject[]): string[] {
  const containers = objects.flatMap(({ spec }) => {
    const pod = spec?.template?.spec;
    return [...(pod?.containers ?? []), ...(pod?.initContainers ?? [])];
  });
  return [...new Set(containers.map(({ image }) => image))].sort();
}
