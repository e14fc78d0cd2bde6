import type { ConfigObject } from '../../model/config-file.ts';
import { secretFile } from '../../settings/common.ts';

/**
 * The configuration of a bearertokenauth extension with a key of a mounted Secret, which is read again
 * when it changes. By default the extension reads it while requests come or are sent already, and what
 * is refused then is lost.
 */
export function bearerToken(secret: string, key: string): ConfigObject {
  return {
    filename: secretFile(secret, key),
    wait_for_token_file: true,
    retry_on_failure: { enabled: true, interval: '1s', max_retries: 10 },
  };
}
