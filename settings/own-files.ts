import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import type { OwnFile, OwnFiles } from '../lib/own-files/own-files.ts';
import type { Settings } from '../lib/schema.ts';
import { SettingsError } from '../lib/settings/error.ts';

const yaml = /\.ya?ml$/;
const json = /\.json$/;
const template = /\.tmpl$/;

/**
 * Reads the user's rule files, dashboards and data sources into the settings that list them.
 *
 * @param file the settings file, whose directory paths are relative to
 * @throws SettingsError for each path that is missing, unreadable or of another kind
 */
export function withOwnFiles(settings: Settings, file: string): Settings {
  const mistakes: string[] = [];
  const read = (key: string, { paths }: OwnFiles, names: RegExp): OwnFiles => {
    const found = paths.flatMap((path, index) => {
      try {
        return readPath(dirname(file), posix.normalize(path.replaceAll('\\', '/')), names);
      } catch (error) {
        const wanted = (error as Error).message;
        mistakes.push(`${file}: ${key}.${index}: got ${JSON.stringify(path)}, wanted ${wanted}`);
        return [];
      }
    });
    // A directory and a file in it may both be listed.
    const files = [...new Map(found.map((each) => [each.path, each])).values()];
    return { paths, files };
  };
  const { prometheus, loki, grafana, alertmanager } = settings;
  const result = {
    ...settings,
    prometheus: { ...prometheus, rules: read('prometheus.rules', prometheus.rules, yaml) },
    alertmanager: {
      ...alertmanager,
      templates: read('alertmanager.templates', alertmanager.templates, template),
    },
    loki: { ...loki, rules: read('loki.rules', loki.rules, yaml) },
    grafana: {
      ...grafana,
      dashboards: read('grafana.dashboards', grafana.dashboards, json),
      datasources: read('grafana.datasources', grafana.datasources, yaml),
    },
  };
  if (mistakes.length > 0) throw new SettingsError(mistakes.join('\n'));
  return result;
}

/** A file, or every file in a directory, in the order of their names. */
function readPath(root: string, listed: string, names: RegExp): OwnFile[] {
  const kind = names === yaml ? '.yaml or .yml' : names === json ? '.json' : '.tmpl';
  const status = statSync(join(root, listed), { throwIfNoEntry: false });
  if (status === undefined) throw new Error('a file or directory that exists');
  if (!status.isDirectory()) {
    if (!names.test(listed)) throw new Error(`a file with the extension ${kind}, or a directory`);
    return [{ path: listed, text: readText(join(root, listed)) }];
  }
  const files = filesBelow(join(root, listed)).filter((name) => names.test(name));
  if (files.length === 0) throw new Error(`a directory with files ${kind}`);
  return files.map((name) => {
    const [subdirectory, ...rest] = name.split('/');
    return {
      path: posix.join(listed, name),
      text: readText(join(root, listed, name)),
      ...(rest.length > 0 && { subdirectory }),
    };
  });
}

/** The files in a directory and below, without hidden ones; a symbolic link is what it points to. */
function filesBelow(directory: string): string[] {
  return readdirSync(directory)
    .filter((name) => !name.startsWith('.'))
    .sort()
    .flatMap((name) => {
      const path = join(directory, name);
      if (!statSync(path).isDirectory()) return [name];
      return filesBelow(path).map((below) => `${name}/${below}`);
    });
}

function readText(path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path));
  } catch (error) {
    throw new Error(`text that can be read: ${path}: ${(error as Error).message}`);
  }
}
