import type { Bucket } from './bucket.ts';
import { parseLocation } from './location.ts';

/**
 * Opens a location in S3 and checks the access to it. Loads the client only when it is needed, because it
 * is larger than all the rest.
 *
 * @throws UserError when the bucket, the credentials or the server is wrong
 */
export async function openBucket(url: string): Promise<Bucket> {
  const location = parseLocation(url);
  // Suppresses the warning that later releases of the SDK will not run on Node 20.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
  const { Bucket } = await import('./bucket.ts');
  const bucket = new Bucket(location, process.env);
  await bucket.list();
  return bucket;
}
