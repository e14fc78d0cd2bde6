import type { Page } from 'playwright-core';

/** Responses that are errors and yet normal, and why. */
const normalResponses: readonly { readonly path: RegExp; readonly because: string }[] = [
  {
    path: /\/api\/datasources\/uid\/alertmanager\/health$/,
    because: 'the data source Alertmanager has no health check: "Plugin unavailable"',
  },
];

/** Browsers write this for each response that is an error, which is reported already. */
const alsoResponse = /^Failed to load resource/;

/**
 * Records what goes wrong in a page from now on.
 *
 * @returns the problems, to which more are added while the page is open
 */
export function watchProblems(page: Page): string[] {
  const problems: string[] = [];
  page.on('pageerror', ({ message }) => problems.push(`uncaught exception: ${message}`));
  page.on('console', (entry) => {
    if (entry.type() === 'error' && !alsoResponse.test(entry.text()))
      problems.push(`console error: ${entry.text().slice(0, 500)}`);
  });
  page.on('response', (response) => {
    const { pathname } = new URL(response.url());
    if (response.status() >= 400 && !normalResponses.some(({ path }) => path.test(pathname)))
      problems.push(`${response.request().method()} ${pathname} answered ${response.status()}`);
  });
  return problems;
}
