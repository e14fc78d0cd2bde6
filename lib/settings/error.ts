/** A setting that cannot be used. Its message is for the user, one line for each mistake. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}
