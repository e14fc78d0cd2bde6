/** Panels that may have no data in a healthy installation that is new, and why. */
export const mayBeEmpty: readonly {
  readonly dashboard: string;
  readonly panel: string;
  readonly because: string;
}[] = [];
