/** Invalid settings. The message is for the user, with one line for each mistake. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}
