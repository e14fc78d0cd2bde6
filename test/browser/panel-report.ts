import type { Page } from 'playwright-core';
import { panelSelector, testId } from '../../bench/browser/grafana-page.ts';

/** What a person sees of a panel. */
export interface PanelReport {
  readonly title: string;
  /** The tooltip of the red triangle in the header. */
  readonly error?: string;
  /** Tooltips of the other triangles and notices in the header. */
  readonly notices: readonly string[];
  /** The message that is displayed instead of data. */
  readonly message?: string;
  /** Names of series: in the legend, of bars, of several values. */
  readonly names: readonly string[];
  /** Titles, names and values of which a part is hidden. */
  readonly cutOff: readonly string[];
}

/** A panel of a dashboard, as the model of the dashboard has it. */
export interface PanelModel {
  readonly id?: number;
  readonly type?: string;
}

interface Seen extends Omit<PanelReport, 'error' | 'notices'> {
  readonly hasError: boolean;
  readonly noticeCount: number;
}

/** Reports on every panel of the dashboard that is open, from top to bottom. */
export async function reportPanels(
  page: Page,
  panels: readonly PanelModel[],
): Promise<PanelReport[]> {
  const types = Object.fromEntries(panels.map(({ id, type }) => [`panel-${id}`, type ?? '']));
  const seen = await page.locator(panelSelector).evaluateAll(seePanels, types);
  const reports: PanelReport[] = [];
  for (const [index, { hasError, noticeCount, ...rest }] of seen.entries()) {
    const section = page.locator(panelSelector).nth(index);
    const error = hasError
      ? await tooltipOf(page, section.locator(testId('Panel status error')))
      : undefined;
    const notices: string[] = [];
    for (let n = 0; n < noticeCount; n += 1) {
      notices.push(await tooltipOf(page, section.locator(noticeSelector).nth(n)));
    }
    reports.push({ ...rest, error, notices });
  }
  return reports;
}

const noticeSelector =
  '[data-testid="title-items-container"] :is([data-testid="icon-exclamation-triangle"], [data-testid="icon-file-landscape-alt"])';

/** The text that appears when the mouse is over an icon. */
async function tooltipOf(page: Page, icon: ReturnType<Page['locator']>): Promise<string> {
  await page.mouse.move(0, 0);
  await icon.hover({ force: true });
  const tooltip = page.getByRole('tooltip').last();
  const text = await tooltip.textContent({ timeout: 5_000 }).catch(() => null);
  return text?.trim() || 'without a text';
}

/** Runs in the page, so it cannot use anything from outside of it. */
function seePanels(
  sections: readonly Element[],
  types: Readonly<Record<string, string>>,
): readonly Seen[] {
  const tolerance = 1;
  const emptyTexts = ['No data', 'No data found in response', 'Data outside time range'];

  const ownText = (element: Element) =>
    [...element.childNodes].filter((node) => node.nodeType === 3 && node.textContent?.trim());
  const isVisible = (element: Element) =>
    (element as HTMLElement).checkVisibility({ opacityProperty: true, visibilityProperty: true });

  /** Whether an ancestor hides a part of a text, and no scroll bar leads to it. */
  const isHidden = (node: ChildNode, section: Element): boolean => {
    const range = document.createRange();
    range.selectNodeContents(node);
    const text = range.getBoundingClientRect();
    for (let box = node.parentElement; box && box !== section; box = box.parentElement) {
      const { overflowX, overflowY } = getComputedStyle(box);
      const scrolls = ['auto', 'scroll'];
      if (scrolls.includes(overflowX) || scrolls.includes(overflowY)) return false;
      const hides = (overflow: string) => ['hidden', 'clip'].includes(overflow);
      const { left, right, top, bottom } = box.getBoundingClientRect();
      // Only for screen readers.
      if (right - left <= 1 || bottom - top <= 1) return false;
      if (hides(overflowX)) {
        if (box === node.parentElement && box.scrollWidth > box.clientWidth + tolerance)
          return true;
        if (text.right > right + tolerance || text.left < left - tolerance) return true;
      }
      // The height of a line is more than that of its letters.
      const middle = (text.top + text.bottom) / 2;
      if (hides(overflowY) && (middle > bottom || middle < top)) return true;
    }
    return false;
  };

  return sections.map((section) => {
    const key = section.closest('[data-viz-panel-key]')?.getAttribute('data-viz-panel-key') ?? '';
    const type = types[key] ?? '';
    const find = (selector: string) => [...section.querySelectorAll(selector)].filter(isVisible);
    const content = section.querySelector('[data-testid="data-testid panel content"]');
    const within = content === null ? [] : [...content.querySelectorAll('*')].filter(isVisible);
    const textOf = (element: Element | null | undefined) =>
      (element as HTMLElement | null | undefined)?.textContent?.trim() ?? '';

    const legend = find(
      'table tbody tr td:first-child button[title], [data-testid^="data-testid VizLegend series"] button',
    );
    const values = find('[data-testid="data-testid Bar gauge value"]');
    // The title of a bar is in front of the bar with its value.
    const bars = values.map((value) => value.parentElement?.previousElementSibling);
    // The name of a value is in front of it; a single value has the title of the panel.
    const numbers =
      type === 'stat'
        ? find('[style*="font-weight: 500"][style*="position: relative"]').map(
            (value) => value.previousElementSibling,
          )
        : [];

    const texts = [
      ...find('h2, h2 *'),
      ...find('table thead th, table thead th *'),
      ...find('[role="columnheader"], [role="columnheader"] *'),
      ...legend,
      ...(type === 'stat' || type === 'bargauge' ? within : []),
    ];
    const cut = [...new Set(texts)].flatMap((element) =>
      ownText(element)
        .filter((node) => isHidden(node, section))
        .map((node) => node.textContent?.trim() ?? ''),
    );
    const message =
      textOf(section.querySelector('[data-testid="data-testid Panel data error message"]')) ||
      within
        .map((each) => (ownText(each).length > 0 ? textOf(each) : ''))
        .find((text) => emptyTexts.includes(text));

    return {
      title: section.getAttribute('data-testid')?.replace('data-testid Panel header ', '') ?? '',
      hasError: find('[data-testid="data-testid Panel status error"]').length > 0,
      noticeCount: find(
        '[data-testid="title-items-container"] :is([data-testid="icon-exclamation-triangle"], [data-testid="icon-file-landscape-alt"])',
      ).length,
      message: message || undefined,
      names: [
        ...legend.map(textOf),
        ...bars.map(textOf),
        ...(numbers.length > 1 ? numbers.map(textOf) : []),
      ],
      cutOff: [...cut],
    };
  });
}
