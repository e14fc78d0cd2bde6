import type { BrowserContext, Page } from 'playwright-core';
import { testId, waitMs } from '../../../bench/browser/grafana-page.ts';

/** Goes from Grafana's login page to the provider, signs in there, and comes back. */
export async function signIn(context: BrowserContext, url: string, person: string): Promise<Page> {
  const page = await context.newPage();
  // Which leads to the provider at once.
  await page.goto(`${url}/login`, { timeout: waitMs });
  await page.locator('input[name=login]').fill(person, { timeout: waitMs });
  await page.locator('input[name=password]').fill('any');
  await page.locator('button[type=submit]').click();
  await page.waitForURL((to) => to.href.startsWith(url) && !to.pathname.endsWith('generic_oauth'), {
    timeout: waitMs,
  });
  return page;
}

export interface Whoami {
  readonly status: number;
  readonly login?: string;
  readonly isGrafanaAdmin?: boolean;
  readonly role?: string;
}

/** Whom Grafana takes the browser for. */
export function whoami(page: Page, url: string): Promise<Whoami> {
  return page.evaluate(async (base) => {
    const response = await fetch(`${base}/api/user`);
    const user = await response.json();
    const orgs = await fetch(`${base}/api/user/orgs`).then((answer) => answer.json());
    const { login, isGrafanaAdmin } = user;
    return { status: response.status, login, isGrafanaAdmin, role: orgs[0]?.role };
  }, new URL(url).pathname);
}

/** The messages of a page's content security policy. */
export function watchPolicy(page: Page): string[] {
  const violations: string[] = [];
  page.on('console', (message) => {
    if (/Content Security Policy/i.test(message.text())) violations.push(message.text());
  });
  return violations;
}

/** The error that the login page shows. */
export const loginError = (page: Page) =>
  page.locator(testId('Alert error')).first().textContent({ timeout: waitMs });
