import { cpSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { codeBlocks, markdownFiles } from './markdown.ts';

/**
 * Writes each example of mantis.yaml in the documents to a file, beside the files of docs/examples/
 * that some of them list.
 */
export function settingsExamples() {
  const directory = mkdtempSync(join(tmpdir(), 'mantis-examples-'));
  cpSync('docs/examples', directory, { recursive: true });
  return markdownFiles().flatMap(({ file, text }) =>
    codeBlocks(text, 'yaml')
      .filter((block) => block.startsWith('# mantis.yaml'))
      .map((block, index) => {
        const path = join(directory, `${file.replaceAll('/', '-')}-${index}.yaml`);
        writeFileSync(path, block);
        return { name: `${file}, example ${index + 1}`, path };
      }),
  );
}
