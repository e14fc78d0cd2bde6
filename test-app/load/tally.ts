import type { Outcome } from './http-customer.ts';

/** Counts requests and journeys since the last summary. */
export class Tally {
  private journeys: Record<string, number> = {};
  private unexpected: Record<string, number> = {};
  private milliseconds: number[] = [];
  private turnedAway = 0;

  countJourney(name: string): void {
    this.journeys[name] = (this.journeys[name] ?? 0) + 1;
  }

  countTurnedAway(): void {
    this.turnedAway += 1;
  }

  countRequest({ name, status, expected, milliseconds }: Outcome): void {
    this.milliseconds.push(milliseconds);
    if (expected) return;
    // Bounded: there are few routes and few statuses.
    const what = `${name} ${status === 0 ? 'no answer' : status}`;
    this.unexpected[what] = (this.unexpected[what] ?? 0) + 1;
  }

  /** Returns the fields of a summary line and resets the counts. */
  take(): Readonly<Record<string, unknown>> {
    const { journeys, unexpected, turnedAway } = this;
    const sorted = this.milliseconds.sort((one, other) => one - other);
    this.journeys = {};
    this.unexpected = {};
    this.milliseconds = [];
    this.turnedAway = 0;
    return {
      requests: sorted.length,
      failed: Object.values(unexpected).reduce((sum, count) => sum + count, 0),
      p50: quantile(sorted, 0.5),
      p95: quantile(sorted, 0.95),
      p99: quantile(sorted, 0.99),
      journeys,
      turnedAway,
      unexpected,
    };
  }
}

function quantile(sorted: readonly number[], share: number): number | null {
  const value = sorted[Math.floor(share * sorted.length)];
  return value === undefined ? null : Math.round(value * 10) / 10;
}
