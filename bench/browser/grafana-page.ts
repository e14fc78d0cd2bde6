import type { Page } from 'playwright-core';
import type { AdminLogin } from '../../ops/cluster/secret.ts';

/** What a browser test waits for at most: Grafana's first page loads for long on a busy machine. */
export const waitMs = 90_000;

/** Attributes of Grafana's own pages, which do not change with its design: @grafana/e2e-selectors. */
export const testId = (name: string) => `[data-testid="data-testid ${name}"]`;
/** Each panel that is displayed. */
export const panelSelector = 'section[data-testid^="data-testid Panel header "]';

/** Logs in through the login page. */
export async function logIn(page: Page, url: string, { user, password }: AdminLogin) {
  // Where people are led to an identity provider, this is the way to the form.
  await page.goto(`${url}/login?disableAutoLogin`, { timeout: waitMs });
  await page.locator(testId('Username input field')).fill(user, { timeout: waitMs });
  await page.locator(testId('Password input field')).fill(password);
  await page.locator(testId('Login button')).click();
  await page.waitForURL((to) => !to.pathname.endsWith('/login'), { timeout: waitMs });
}

/** Height of a row of the grid and of its gap, in pixels. */
const gridRow = 38;

interface PlacedDashboard {
  readonly title?: string;
  readonly panels: readonly {
    readonly type?: string;
    readonly gridPos?: { readonly y: number; readonly h: number };
  }[];
}

/** The height at which a whole dashboard is displayed: Grafana loads only panels in view. */
export function heightOf({ panels }: PlacedDashboard): number {
  const rows = panels.map(({ gridPos }) => (gridPos?.y ?? 0) + (gridPos?.h ?? 0));
  return Math.max(...rows) * gridRow + 400;
}

/**
 * Waits until panels are displayed and none is loading.
 *
 * @param options.inView only panels in view, instead of all
 * @throws naming how far it came
 */
export async function waitForPanels(
  page: Page,
  dashboard: PlacedDashboard,
  { inView = false } = {},
): Promise<void> {
  const expected = inView ? 1 : dashboard.panels.filter(({ type }) => type !== 'row').length;
  const deadline = Date.now() + waitMs;
  for (let quiet = 0; quiet < 3; ) {
    const displayed = await page.locator(panelSelector).count();
    const loading =
      (await page.getByLabel('Panel loading bar').count()) +
      (await page.getByText('Loading plugin panel...').count());
    quiet = displayed >= expected && loading === 0 ? quiet + 1 : 0;
    if (Date.now() > deadline) {
      throw new Error(
        `dashboard ${dashboard.title}: after ${waitMs / 1000} s ${displayed} of ${expected} panels are displayed, ${loading} are loading`,
      );
    }
    await page.waitForTimeout(500);
  }
}
