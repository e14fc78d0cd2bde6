import { UserError } from '../../process/errors.ts';

export interface S3Location {
  readonly bucket: string;
  /** Without slashes at its ends; may be empty. */
  readonly prefix: string;
}

export function isS3Url(text: string): boolean {
  return text.startsWith('s3://');
}

/** Parses `s3://bucket/prefix`. @throws UserError */
export function parseLocation(url: string): S3Location {
  const [, bucket, path = ''] =
    /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(\/.*)?$/.exec(url) ?? [];
  if (bucket === undefined) {
    throw new UserError(`a location in S3 is written s3://bucket/prefix, got "${url}"`);
  }
  return { bucket, prefix: path.split('/').filter(Boolean).join('/') };
}

export function s3Url({ bucket, prefix }: S3Location): string {
  return prefix === '' ? `s3://${bucket}` : `s3://${bucket}/${prefix}`;
}

/** Parses the URL of one backup: that of its location, and its name or `latest`. */
export function parseBackupUrl(url: string): { location: string; name: string } {
  const { bucket, prefix } = parseLocation(url);
  const parts = prefix.split('/');
  const name = parts.pop() ?? '';
  if (name === '') {
    throw new UserError(
      `a backup in S3 is written ${s3Url({ bucket, prefix })}/latest, or with its name`,
    );
  }
  return { location: s3Url({ bucket, prefix: parts.join('/') }), name };
}
