export function parsePage(text: string) {
  return text.split('\n').flatMap((line) => {
    const [, metric, labels = '', value] = /^(\w+)(?:\{(.*)\})? (\S+)/.exec(line) ?? [];
    return metric === undefined
      ? []
      : [{ metric, labels: parseLabels(labels), value: Number(value) }];
  });
}

export type PageSample = ReturnType<typeof parsePage>[number];

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

/** By how much a counter increased; a lower value means that its process restarted. */
export function increase(
  before: readonly PageSample[],
  now: readonly PageSample[],
  metric: string,
  labels: Readonly<Record<string, string>>,
): number {
  const [then, value] = [sumSamples(before, metric, labels), sumSamples(now, metric, labels)];
  return value < then ? value : value - then;
}
