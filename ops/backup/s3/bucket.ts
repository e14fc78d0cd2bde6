import { createReadStream, createWriteStream, statSync } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  S3Client,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { explainS3Error } from './explain.ts';
import { type S3Location, s3Url } from './location.ts';

/** S3 allows 10000 parts of one object, each of at least 5 MiB. */
const smallestPart = 8 * 1024 * 1024;
const mostParts = 10_000;

/**
 * The location in a bucket where backups are kept. Keys are relative to it. Errors become a UserError of
 * one line.
 */
export class Bucket {
  readonly location: S3Location;
  readonly endpoint: string | undefined;
  private readonly client: S3Client;

  /**
   * @param env the variables that AWS' own tools read, such as AWS_ENDPOINT_URL_S3, AWS_REGION and
   * AWS_ACCESS_KEY_ID (https://docs.aws.amazon.com/sdkref/latest/guide/environment-variables.html)
   */
  constructor(location: S3Location, env: NodeJS.ProcessEnv) {
    this.location = location;
    this.endpoint = env.AWS_ENDPOINT_URL_S3 || env.AWS_ENDPOINT_URL || undefined;
    const customEndpoint = this.endpoint !== undefined;
    this.client = new S3Client({
      endpoint: this.endpoint,
      // Servers other than Amazon's seldom have a host name for each bucket, and do not use regions.
      forcePathStyle: customEndpoint,
      ...(customEndpoint && { region: env.AWS_REGION || env.AWS_DEFAULT_REGION || 'us-east-1' }),
      requestHandler: { connectionTimeout: 5_000, socketTimeout: 60_000 },
    });
  }

  get url(): string {
    return s3Url(this.location);
  }

  /** All keys with their sizes in bytes. */
  list(): Promise<Map<string, number>> {
    return this.explainErrors(async () => {
      const found = new Map<string, number>();
      const start = this.key('');
      let ContinuationToken: string | undefined;
      do {
        const page = await this.client.send(
          new ListObjectsV2Command({
            Bucket: this.location.bucket,
            Prefix: start,
            ContinuationToken,
          }),
        );
        for (const { Key = '', Size = 0 } of page.Contents ?? []) {
          found.set(Key.slice(start.length), Size);
        }
        ContinuationToken = page.NextContinuationToken;
      } while (ContinuationToken !== undefined);
      return found;
    });
  }

  /** Uploads a file, a large one in parts, each with a checksum that the server verifies. */
  put(key: string, file: string): Promise<void> {
    return this.explainErrors(async () => {
      const { size } = statSync(file);
      const upload = new Upload({
        client: this.client,
        params: { ...this.object(key), Body: createReadStream(file) },
        partSize: Math.max(smallestPart, Math.ceil(size / mostParts)),
      });
      await upload.done();
    });
  }

  get(key: string, file: string): Promise<void> {
    return this.explainErrors(async () => {
      const { Body } = await this.client.send(new GetObjectCommand(this.object(key)));
      if (!(Body instanceof Readable)) throw new Error(`${key} has no content`);
      await pipeline(Body, createWriteStream(file, { flags: 'wx', mode: 0o600 }));
    });
  }

  text(key: string): Promise<string> {
    return this.explainErrors(async () => {
      const { Body } = await this.client.send(new GetObjectCommand(this.object(key)));
      return (await Body?.transformToString()) ?? '';
    });
  }

  /** Can be called twice. */
  remove(key: string): Promise<void> {
    return this.explainErrors(async () => {
      await this.client.send(new DeleteObjectCommand(this.object(key)));
    });
  }

  private object(key: string) {
    return { Bucket: this.location.bucket, Key: this.key(key) };
  }

  private key(key: string): string {
    const { prefix } = this.location;
    return prefix === '' ? key : `${prefix}/${key}`;
  }

  private async explainErrors<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw explainS3Error(error, this.location.bucket, this.endpoint);
    }
  }
}
