const factors: Readonly<Record<string, number>> = {
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 1024,
  Mi: 1024 ** 2,
  Gi: 1024 ** 3,
  Ti: 1024 ** 4,
};

/** Parses a Kubernetes quantity such as 250m or 1Gi to cores or bytes. */
export function parseQuantity(quantity: string): number {
  const [, amount = '', unit = ''] = /^([0-9.]+(?:e\d+)?)([a-zA-Z]*)$/.exec(quantity) ?? [];
  const factor = factors[unit];
  if (amount === '' || factor === undefined) throw new Error(`no quantity: ${quantity}`);
  return Number(amount) * factor;
}
