import type { Browser, Page } from 'playwright-core';
import { launchChromium } from '../../bench/browser/chromium.ts';
import { heightOf, logIn, waitForPanels, waitMs } from '../../bench/browser/grafana-page.ts';
import type { ClassicDashboard } from '../../dashboards/panels/dashboard.ts';
import { type AdminLogin, readAdminLogin } from '../../ops/cluster/secret.ts';
import { session, withUrls } from '../e2e/cluster.ts';

/** Grafana in a browser, as somebody sees it who has logged in. */
export interface Grafana {
  readonly url: string;
  readonly login: AdminLogin;
  readonly page: Page;
}

export interface Viewer {
  /** @default - the administrator */
  readonly login?: AdminLogin;
  /** Width of the window, in pixels. @default 1600 */
  readonly width?: number;
}

/** The administrator's login. */
export const adminLogin = () => readAdminLogin(session.target);

/** Opens Grafana in a new browser, logs in through the login page, and closes it afterwards. */
export function withGrafana<T>(
  work: (grafana: Grafana) => Promise<T>,
  { login, width = 1600 }: Viewer = {},
): Promise<T> {
  return withUrls(['grafana'], async ({ grafana: url }) => {
    const whose = login ?? (await adminLogin());
    const browser = await launchChromium();
    try {
      const page = await openPage(browser, width);
      await logIn(page, url, whose);
      return await work({ url, login: whose, page });
    } finally {
      await browser.close();
    }
  });
}

async function openPage(browser: Browser, width: number): Promise<Page> {
  const context = await browser.newContext({ viewport: { width, height: 1000 } });
  context.setDefaultTimeout(waitMs / 3);
  return context.newPage();
}

/** Opens a dashboard at its full height, and waits until all of its panels are loaded. */
export async function openDashboard(
  { page, url }: Grafana,
  dashboard: Pick<ClassicDashboard, 'uid' | 'title' | 'panels'>,
  query = '',
): Promise<void> {
  const width = page.viewportSize()?.width ?? 0;
  await page.setViewportSize({ width, height: heightOf(dashboard) });
  await page.goto(`${url}/d/${dashboard.uid}?${query}`, { timeout: waitMs });
  await waitForPanels(page, dashboard);
}
