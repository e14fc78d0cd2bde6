import type { Page } from 'playwright-core';
import { withChromium } from '../../bench/browser/chromium.ts';
import { withUrls } from '../e2e/cluster.ts';
import { watchProblems } from './page-problems.ts';

/** Opens the page of the test app as wide as a phone, a laptop and a screen. */
function withShop(width: number, work: (page: Page) => Promise<void>): Promise<void> {
  return withUrls(['shop'], ({ shop }) =>
    withChromium(async (browser) => {
      const page = await browser.newPage({ viewport: { width, height: 1000 } });
      await page.goto(shop);
      await work(page);
    }),
  );
}

test.each([360, 1280, 1920])('the page fits into a window of %d pixels', (width) =>
  withShop(width, async (page) => {
    const problems = watchProblems(page);
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect({ overflow, problems }).toEqual({ overflow: 0, problems: [] });
  }),
);

test('a button sends its request and shows status, time and trace', () =>
  withShop(1280, async (page) => {
    await page.getByTestId('request').filter({ hasText: 'Call all four services' }).click();
    const result = page.getByTestId('result').first();
    await result.getByTestId('trace-link').waitFor();
    expect(await result.getByTestId('result-status').textContent()).toContain('200');
    expect(await result.getByTestId('result-time').textContent()).toMatch(/\d+ ms/);
    const link = result.getByTestId('trace-link');
    expect(await link.getAttribute('title')).toMatch(/[0-9a-f]{32}/);
    expect(await link.getAttribute('href')).toContain('/explore?');
  }));

test('an order is placed, and one with a declined card is refused', () =>
  withShop(1280, async (page) => {
    const orders = page.getByTestId('request').and(page.locator('[data-method="POST"]'));
    for (const [label, status] of [
      ['Place an order', '201'],
      ['Pay with a declined card', '402'],
    ] as const) {
      await orders.filter({ hasText: label }).click();
      const newest = page.getByTestId('result').first().getByTestId('result-status');
      await newest.filter({ hasText: status }).waitFor();
    }
  }));

test('the page links to every dashboard by its title', () =>
  withShop(1280, async (page) => {
    const titles = await page.getByTestId('dashboard').allTextContents();
    expect(titles.join()).toContain('Unified Observability');
    expect(titles.join()).not.toContain('mantis-');
  }));

test('a fault is switched on and off', () =>
  withShop(1280, async (page) => {
    const fault = page.getByTestId('fault').and(page.locator('[data-fault="latency"]'));
    for (const on of ['true', 'false']) {
      await fault.click();
      await page.locator(`[data-fault="latency"][aria-checked="${on}"]`).waitFor();
    }
  }));
