import type { PanelReport } from './panel-report.ts';

/** A fault that a person would see. */
export interface Finding {
  readonly panel: string;
  readonly what: string;
}

/** What Grafana calls a series without a name, and series that are named by their raw labels. */
const nameless = /^(Value( #[A-Z]+)?)?$/;
const rawLabels = /\{[^{}]*=\s*"[^"]*"[^{}]*\}/;

const checks: readonly ((panel: PanelReport, empty?: string) => string[])[] = [
  ({ error }) => (error === undefined ? [] : [`error: ${error}`]),
  ({ notices }) => notices.map((notice) => `notice: ${notice}`),
  ({ message }, empty) =>
    message === undefined || message === empty ? [] : [`instead of data: ${message}`],
  ({ names }) => names.filter((name) => nameless.test(name)).map((name) => `no name: "${name}"`),
  ({ names }) => names.filter((name) => rawLabels.test(name)).map((name) => `raw labels: ${name}`),
  ({ cutOff }) => cutOff.map((text) => `cut off: ${text}`),
];

/**
 * What is wrong with the panels of a dashboard.
 *
 * @param emptyTexts what panels say that may be empty, by title
 */
export function findingsIn(
  panels: readonly PanelReport[],
  emptyTexts: Readonly<Record<string, string>> = {},
): Finding[] {
  return panels.flatMap((panel) =>
    checks
      .flatMap((check) => check(panel, emptyTexts[panel.title]))
      .map((what) => ({ panel: panel.title, what })),
  );
}
