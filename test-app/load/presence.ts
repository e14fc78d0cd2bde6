/** Requests in a row without an answer: one alone is a lost packet, or a pod that has just gone. */
const enough = 3;

/** Says once that the shop is away, and once that it is back, whatever goes on in between. */
export class Presence {
  private unanswered = 0;
  private readonly changed: (away: boolean) => void;

  constructor(changed: (away: boolean) => void) {
    this.changed = changed;
  }

  /** Told of each request whether an answer came, be it a good or a bad one. */
  asked(answered: boolean): void {
    if (answered) {
      if (this.unanswered >= enough) this.changed(false);
      this.unanswered = 0;
      return;
    }
    this.unanswered += 1;
    if (this.unanswered === enough) this.changed(true);
  }
}
