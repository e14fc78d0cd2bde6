/** Consecutive requests without a response; a single one may be a lost packet or a pod that stopped. */
const threshold = 3;

/** Reports once when the shop becomes unreachable, and once when it is reachable again. */
export class OutageDetector {
  private unanswered = 0;
  private readonly changed: (unreachable: boolean) => void;

  constructor(changed: (away: boolean) => void) {
    this.changed = changed;
  }

  /** Called after each request. @param answered whether there was a response, of any status */
  recordRequest(answered: boolean): void {
    if (answered) {
      if (this.unanswered >= threshold) this.changed(false);
      this.unanswered = 0;
      return;
    }
    this.unanswered += 1;
    if (this.unanswered === threshold) this.changed(true);
  }
}
