import type { ConfigFiles } from '../model/config-file.ts';
import { checkNames } from '../own-files/check-file.ts';
import { type OwnFile, slug } from '../own-files/own-files.ts';

/** The user's template files, and the mistakes in them. */
export interface OwnTemplates {
  /** Undefined if there are none. */
  readonly templates?: ConfigFiles;
  readonly mistakes: readonly string[];
}

/** Checks the delimiters of template files; all else only Alertmanager itself knows. */
export function ownTemplates(files: readonly OwnFile[]): OwnTemplates {
  const mistakes = [...checkNames(files, slug), ...files.flatMap(templateMistakes)];
  if (files.length === 0) return { mistakes };
  return {
    templates: {
      files: Object.fromEntries(files.map(({ path, text }) => [`${slug(path)}.tmpl`, text])),
      sources: files.map(({ path }) => path),
    },
    mistakes,
  };
}

/** A complete action; strings, characters and comments in it may have any braces. */
const action =
  /\{\{(?:"(?:\\.|[^"\\\n])*"|`[^`]*`|'(?:\\.|[^'\\\n])*'|\/\*[\s\S]*?\*\/|(?!\{\{|\}\}|["'`]|\/\*)[\s\S])*\}\}/g;

function templateMistakes({ path, text }: OwnFile): string[] {
  const at = (offset: number, wrong: string) => {
    const before = text.slice(0, offset).split('\n');
    return [`${path}:${before.length}:${(before.at(-1)?.length ?? 0) + 1}: ${wrong}`];
  };
  const open = text.replaceAll(action, (found) => ' '.repeat(found.length)).indexOf('{{');
  if (open >= 0) return at(open, '{{ without }}');
  if (!/\{\{-?\s*define\s+["`]/.test(text)) return at(0, 'wanted a template: {{ define "name" }}');
  return [];
}
