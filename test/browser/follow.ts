import type { Locator, Page } from 'playwright-core';
import { panelSelector, testId, waitMs } from '../../bench/browser/grafana-page.ts';

/** A panel of the dashboard that is open. */
export function panelOf(page: Page, title: string): Locator {
  return page.locator(testId(`Panel header ${title}`));
}

/**
 * Clicks a link.
 *
 * @returns the page that it leads to: the same, or that of a new tab
 */
export async function click(page: Page, link: Locator): Promise<Page> {
  const tab = page.context().waitForEvent('page', { timeout: 2_000 });
  await link.click();
  return tab.catch(() => page);
}

/** Fails unless the page shows a trace with spans. @returns the page */
export async function seeTrace(page: Page): Promise<Page> {
  await see(page.getByTestId('span-view').first(), 'a span of the trace');
  return page;
}

/** Fails unless the page shows a log line. */
export async function seeLogLine(page: Page): Promise<void> {
  await see(page.locator('.log-line-body').first(), 'a log line');
}

/** Fails unless the page shows a graph. */
export async function seeGraph(page: Page): Promise<void> {
  await see(page.locator('.u-over').first(), 'a graph');
}

/** Waits for something, and says what it was and what is displayed instead. */
export async function see(what: Locator, name: string): Promise<void> {
  try {
    await what.waitFor({ state: 'visible', timeout: waitMs / 2 });
  } catch {
    const page = what.page();
    const text = (
      await page
        .locator('main')
        .first()
        .innerText({ timeout: 1_000 })
        .catch(() => '')
    )
      .replaceAll(/\s+/g, ' ')
      .slice(0, 600);
    throw new Error(`${page.url()} does not show ${name}, but: ${text}`);
  }
}

/** Opens the details of the first span that has the link, and clicks it. */
export async function followSpanLink(page: Page, name: string): Promise<Page> {
  await page.getByTestId('span-view').first().click();
  const details = page.getByTestId('span-detail-component').first();
  await see(details, 'the details of a span');
  // More than three links are in a menu.
  const menu = details.getByRole('button', { name: 'Links' });
  const direct = details.getByText(name, { exact: true });
  await see(menu.or(direct).first(), `the link "${name}" or the menu "Links"`);
  if (!(await menu.isVisible())) return click(page, direct);
  await menu.click();
  const item = page.getByRole('menuitem', { name });
  await see(item, `the link "${name}" in the menu "Links"`);
  return click(page, item);
}

/** Clicks the first line of a log panel, and then a link in its details. */
export async function followLogLink(page: Page, panel: Locator, name: string): Promise<Page> {
  await see(panel.locator('.log-line-body').first(), 'a log line');
  await panel.locator('.log-line-body').first().click();
  const link = page.getByRole('link', { name }).first();
  await see(link, `the link "${name}" in the details of a log line`);
  return click(page, link);
}

/** Clicks a line of a graph, and then a data link in the tooltip. */
export async function followDataLink(page: Page, panel: Locator, name: string): Promise<Page> {
  const plot = panel.locator('.u-over');
  await see(plot, 'a graph');
  await plot.scrollIntoViewIfNeeded();
  const { width, height } = (await plot.boundingBox()) ?? { width: 0, height: 0 };
  const link = page.getByRole('link', { name });
  // Where the line is: the mouse finds it only near by. Near the right end, for a stack that has just started.
  for (let y = 2; y < height; y += 6) {
    await plot.hover({ position: { x: width * 0.96, y } });
    await page.mouse.down();
    await page.mouse.up();
    await page.waitForTimeout(80);
    if (await link.isVisible()) return click(page, link);
  }
  throw new Error(`a click on a line of the graph shows no link "${name}"`);
}

/** Clicks the first exemplar of a graph, and then the link in its tooltip. */
export async function followExemplar(page: Page, panel: Locator, name: string): Promise<Page> {
  const marker = panel.locator(testId('Exemplar marker')).last();
  await see(marker, 'an exemplar');
  await marker.scrollIntoViewIfNeeded();
  await marker.click({ force: true });
  const link = page.getByRole('link', { name });
  await see(link, `the link "${name}" at an exemplar`);
  return click(page, link);
}

/** The query parameters of a page. */
export const parametersOf = (page: Page) => new URL(page.url()).searchParams;

/** Waits until the page is a dashboard that displays panels. */
export async function seeDashboard(page: Page, uid: string): Promise<void> {
  await page.waitForURL((url) => url.pathname.includes(`/d/${uid}`), { timeout: waitMs / 2 });
  await see(page.locator(panelSelector).first(), `a panel of ${uid}`);
}
