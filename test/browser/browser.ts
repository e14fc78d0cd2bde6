import type { Browser, Page } from 'playwright-core';
import { z } from 'zod';
import { withChromium } from '../../bench/browser/chromium.ts';
import { heightOf, logIn, waitForPanels, waitMs } from '../../bench/browser/grafana-page.ts';
import { type AdminLogin, readAdminLogin } from '../../ops/cluster/secret.ts';
import { hostUrls } from '../../ops/connections/endpoint-urls.ts';
import { authHeaders } from '../../ops/stores/grafana.ts';
import { fetchJson } from '../../ops/stores/http.ts';
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
  return withUrls(['grafana'], async ({ grafana }) => {
    // A port-forward is slow for as many requests at a time as a dashboard has.
    const url = (await hostUrls(session)).grafana ?? grafana;
    const whose = login ?? (await adminLogin());
    return withChromium(async (browser) => {
      const page = await openPage(browser, width);
      await logIn(page, url, whose);
      return work({ url, login: whose, page });
    });
  });
}

async function openPage(browser: Browser, width: number): Promise<Page> {
  const context = await browser.newContext({ viewport: { width, height: 1000 } });
  context.setDefaultTimeout(waitMs / 3);
  return context.newPage();
}

const savedSchema = z.object({
  dashboard: z.object({
    title: z.string(),
    panels: z.array(
      z.object({
        id: z.number(),
        type: z.string(),
        title: z.string().default(''),
        gridPos: z.object({ y: z.number(), h: z.number() }),
        fieldConfig: z
          .object({ defaults: z.object({ noValue: z.string().optional() }).default({}) })
          .optional(),
      }),
    ),
  }),
});
export type SavedDashboard = z.infer<typeof savedSchema>['dashboard'];

/**
 * Opens a dashboard at its full height, and waits until all of its panels are loaded.
 *
 * @returns the dashboard as this Grafana has it
 */
export async function openDashboard(
  grafana: Grafana,
  uid: string,
  query = '',
): Promise<SavedDashboard> {
  const { page, url } = grafana;
  const headers = authHeaders({ login: await adminLogin() });
  const path = `/api/dashboards/uid/${uid}`;
  const { dashboard } = await fetchJson(url, path, savedSchema, { headers });
  const width = page.viewportSize()?.width ?? 0;
  await page.setViewportSize({ width, height: heightOf(dashboard) });
  await page.goto(`${url}/d/${uid}?${query}`, { timeout: waitMs });
  await waitForPanels(page, dashboard);
  return dashboard;
}
