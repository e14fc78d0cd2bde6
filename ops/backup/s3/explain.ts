import { messageOf, UserError } from '../../process/errors.ts';

const unreachable = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'ECONNRESET', 'EHOSTUNREACH'];

/** Error codes for a request that was sent to, or signed for, another region than the bucket's. */
const wrongRegion = [
  'PermanentRedirect',
  'AuthorizationHeaderMalformed',
  'IllegalLocationConstraintException',
];

/**
 * Converts an error of S3 to one line with the remedy, without any secret.
 *
 * @param endpoint URL of the server if it is not Amazon's
 */
export function explainS3Error(error: unknown, bucket: string, endpoint?: string): UserError {
  if (error instanceof UserError) return error;
  const at = `bucket ${bucket} at ${endpoint ?? 'Amazon S3'}`;
  const [name, code] = [fieldOf(error, 'name'), fieldOf(error, 'code')];
  if (unreachable.includes(code) || name === 'TimeoutError') {
    const why = code || 'no answer in time';
    return new UserError(
      endpoint === undefined
        ? `Amazon S3 cannot be reached (${why}): check AWS_REGION, or name another server in AWS_ENDPOINT_URL_S3`
        : `${endpoint} cannot be reached (${why}): AWS_ENDPOINT_URL_S3 names the server`,
    );
  }
  if (['NoSuchBucket', 'NotFound'].includes(name)) {
    return new UserError(`there is no ${at}: create it, or name another`);
  }
  if (wrongRegion.includes(name) || /region is missing/i.test(messageOf(error))) {
    return new UserError(`${at}: ${messageOf(error)}: set AWS_REGION to the region of the bucket`);
  }
  if (name === 'CredentialsProviderError') {
    return new UserError(
      'there are no credentials for S3: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE',
    );
  }
  return new UserError(`${at}: ${name || 'Error'}: ${messageOf(error)}`);
}

function fieldOf(error: unknown, field: 'name' | 'code'): string {
  if (typeof error !== 'object' || error === null || !(field in error)) return '';
  return String((error as Record<string, unknown>)[field]);
}
