import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findChromium } from './chromium.ts';

function directoryWithChromium(mode: number): string {
  const directory = mkdtempSync(join(tmpdir(), 'mantis-chromium-'));
  writeFileSync(join(directory, 'chromium'), '#!/bin/sh\n');
  chmodSync(join(directory, 'chromium'), mode);
  return directory;
}

test('Chromium is found on PATH', () => {
  const directory = directoryWithChromium(0o755);
  expect(findChromium({ PATH: `/no/such:${directory}` })).toBe(join(directory, 'chromium'));
});

test('$CHROMIUM is preferred, and nothing is found where it names nothing', () => {
  const directory = directoryWithChromium(0o755);
  const other = join(directoryWithChromium(0o755), 'chromium');
  expect(findChromium({ PATH: directory, CHROMIUM: other })).toBe(other);
  expect(findChromium({ PATH: directory, CHROMIUM: '/no/such' })).toBeUndefined();
});

test('a file that cannot be executed is not Chromium', () => {
  expect(findChromium({ PATH: directoryWithChromium(0o644) })).toBeUndefined();
});
