import { z } from 'zod';
import type { ConfigObject } from '../model/config-file.ts';
import { sourceFile } from '../model/source.ts';
import { re2 } from '../settings/re2.ts';
import { dnsLabel } from '../settings/units.ts';
import { attributes } from '../telemetry/app.ts';

export const multilineSource = sourceFile(import.meta.filename);

const names = z.array(dnsLabel).min(1, 'a list of names; leave it out for all');

/** Containers that print records of several lines, such as stack traces. */
export const multilineSettings = z
  .array(
    z.strictObject({
      namespaces: names
        .optional()
        .describe('Namespaces of the containers. Left out, those of all namespaces'),
      containers: names.optional().describe('Names of the containers. Left out, all'),
      firstLine: re2
        .default('^\\S')
        .describe(
          'What the first line of a record matches; the lines after it that do not match belong to it. The default: what does not begin with white space',
        ),
    }),
  )
  .default([])
  .describe(
    'Containers that log records of several lines, such as stack traces. A record is stored when the next one begins, at most five seconds later',
  );

export type MultilineSettings = z.output<typeof multilineSettings>;

/** The two streams of a container are interleaved in its file, and are joined each by itself. */
const streams = ['stdout', 'stderr'];

/** Operators that join the lines of records, to follow the one that parses the container format. */
export function multilineOperators(settings: MultilineSettings): ConfigObject[] {
  return settings.flatMap(({ namespaces, containers, firstLine }, index) =>
    streams.map((stream) => ({
      type: 'recombine',
      id: `multiline/${index}/${stream}`,
      if: [
        `attributes[${quote(attributes.logIostream)}] == ${quote(stream)}`,
        ...isOneOf(attributes.k8sNamespaceName, namespaces),
        ...isOneOf(attributes.k8sContainerName, containers),
      ].join(' and '),
      // The collector replaces what follows a dollar sign by an environment variable.
      is_first_entry: `body matches ${quote(firstLine)}`.replaceAll('$', '$$$$'),
      combine_field: 'body',
      source_identifier: 'attributes["log.file.path"]',
      max_log_size: '1MiB',
    })),
  );
}

/** A string in the expression language of the operators (https://expr-lang.org). */
const quote = (text: string) => JSON.stringify(text);

function isOneOf(key: string, values: readonly string[] | undefined): string[] {
  if (values === undefined) return [];
  return [`resource[${quote(key)}] in [${values.map(quote).join(', ')}]`];
}
