import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { UserError } from '../../ops/process/errors.ts';

/** Where to get Chromium, for messages. */
export const chromiumHint = 'apt-get install chromium, or set CHROMIUM to the path of one';

/** The path of Chromium: $CHROMIUM, or `chromium` on PATH. @returns undefined if there is none */
export function findChromium(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const { CHROMIUM: chosen, PATH = '' } = env;
  if (chosen) return isExecutable(chosen) ? chosen : undefined;
  return PATH.split(delimiter)
    .map((directory) => join(directory, 'chromium'))
    .find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Starts Chromium without a window, and closes it afterwards.
 *
 * @param more further arguments of Chromium
 * @throws UserError if there is none
 */
export async function withChromium<T>(
  work: (browser: Browser) => Promise<T>,
  more: readonly string[] = [],
): Promise<T> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new UserError(`Chromium is missing: ${chromiumHint}`);
  // Its sandbox does not work as root, as in a container.
  const chromiumSandbox = process.getuid?.() !== 0;
  const args = ['--disable-dev-shm-usage', ...more];
  const browser = await chromium.launch({ executablePath, chromiumSandbox, args });
  try {
    return await work(browser);
  } finally {
    await browser.close();
  }
}
