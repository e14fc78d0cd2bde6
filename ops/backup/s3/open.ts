import type { Bucket } from './bucket.ts';
import { type Location, parseLocation } from './location.ts';

/**
 * Opens a place in S3 and sees that it answers, before anything else is done. The client is only
 * loaded by who asks for it: it is larger than all the rest.
 *
 * @throws UserError in one line when the bucket, the credentials or the server is wrong
 */
export async function openBucket(place: string | Location): Promise<Bucket> {
  const location = typeof place === 'string' ? parseLocation(place) : place;
  // The release that we pin runs on Node 20; that later ones will not is nothing to tell a user.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
  const { Bucket } = await import('./bucket.ts');
  const bucket = new Bucket(location, process.env);
  await bucket.list();
  return bucket;
}
