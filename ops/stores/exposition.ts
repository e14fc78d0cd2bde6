export interface PageSample {
  readonly metric: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export function parsePage(text: string): PageSample[] {
  return text.split('\n').flatMap((line) => {
    const [, metric, labels = '', value] = /^(\w+)(?:\{(.*)\})? (\S+)/.exec(line) ?? [];
    return metric === undefined
      ? []
      : [{ metric, labels: parseLabels(labels), value: Number(value) }];
  });
}

function parseLabels(text: string): Record<string, string> {
  const found = [...text.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)];
  return Object.fromEntries(found.map(([, name = '', value = '']) => [name, value]));
}

export function sumSamples(
  page: readonly PageSample[],
  metric: string,
  labels: Readonly<Record<string, string>> = {},
): number {
  return page
    .filter((sample) => sample.metric === metric)
    .filter((sample) =>
      Object.entries(labels).every(([name, value]) => sample.labels[name] === value),
    )
    .reduce((sum, { value }) => sum + value, 0);
}
