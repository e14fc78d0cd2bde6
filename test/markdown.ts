import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface MarkdownFile {
  readonly file: string;
  readonly text: string;
}

const skippedDirectories = ['node_modules', 'dist', '.git', '.build', 'coverage'];

/** All Markdown files below a directory. */
export function markdownFiles(directory = '.'): MarkdownFile[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const file = join(directory, entry.name);
    if (entry.isDirectory())
      return skippedDirectories.includes(entry.name) ? [] : markdownFiles(file);
    return entry.name.endsWith('.md') ? [{ file, text: readFileSync(file, 'utf8') }] : [];
  });
}

const fence = /^```(\w*)\n([\s\S]*?)^```$/gm;

/** Fenced blocks of one language. */
export function codeBlocks(text: string, language: string): string[] {
  return [...text.matchAll(fence)]
    .filter(([, found]) => found === language)
    .map(([, , body = '']) => body);
}

/** All code: fenced, indented and inline. */
export function codeSpans(text: string): string[] {
  const fenced = [...text.matchAll(fence)].map(([, , body = '']) => body);
  const rest = text.replaceAll(fence, '');
  const indented = [...rest.matchAll(/^ {4}(.*)$/gm)].map(([, line = '']) => line);
  const inline = [...rest.matchAll(/`([^`\n]+)`/g)].map(([, span = '']) => span);
  return [...fenced, ...indented, ...inline];
}

/** The targets of links outside of code. */
export function linkTargets(text: string): string[] {
  const prose = text.replaceAll(fence, '').replaceAll(/`[^`\n]+`/g, '');
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
}

/** Anchors of the headings, as GitHub makes them. */
export function headingAnchors(text: string): string[] {
  const headings = [...text.replaceAll(fence, '').matchAll(/^#+ (.+)$/gm)];
  return headings.map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\s-]/g, '')
      .trim()
      .replaceAll(/\s/g, '-'),
  );
}
