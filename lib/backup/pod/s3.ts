/**
 * The part of S3 that a scheduled backup needs: put, list and delete. Node.js runs it as it is from a
 * ConfigMap; the client of AWS that `./mantis backup` uses would be 190 KB in that ConfigMap.
 */
import { createHash } from 'node:crypto';
import { AwsClient } from 'aws4fetch';

export interface S3Config {
  readonly bucket: string;
  /** @default - Amazon S3 in the region */
  readonly endpoint?: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** S3 allows 10000 parts of one object, each of at least 5 MiB. */
const smallestPart = 16 * 1024 * 1024;
const mostParts = 9_000;

/** A size of parts with which an object of some bytes has not too many. */
export function partSize(bytes: number): number {
  return Math.max(smallestPart, Math.ceil(bytes / mostParts));
}

/** What a URL may have in its path, and what the signature takes it for. */
const encode = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16)}`);

const between = (text: string, tag: string): string | undefined =>
  new RegExp(`<${tag}>([^<]*)</${tag}>`).exec(text)?.[1];

export class S3 {
  private readonly url: string;
  private readonly aws: AwsClient;

  constructor({ bucket, endpoint, region, ...credentials }: S3Config) {
    this.url =
      endpoint === undefined
        ? `https://${bucket}.s3.${region}.amazonaws.com`
        : `${endpoint}/${bucket}`;
    // For some seconds it repeats what the server answers with 429 or 5xx.
    this.aws = new AwsClient({
      ...credentials,
      region,
      service: 's3',
      initRetryMs: 500,
      retries: 4,
    });
  }

  /** The keys that begin with a prefix. */
  async list(prefix: string): Promise<string[]> {
    const keys: string[] = [];
    let token: string | undefined;
    do {
      const page = await this.send('GET', '', {
        'list-type': '2',
        prefix,
        ...(token && { 'continuation-token': token }),
      });
      keys.push(...[...page.matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key = '']) => key));
      token = between(page, 'NextContinuationToken');
    } while (token !== undefined);
    return keys;
  }

  /** Uploads a stream, a long one in parts; nothing is left of one that fails. */
  async put(key: string, stream: AsyncIterable<Uint8Array>, size: number): Promise<void> {
    const parts = inParts(stream, size);
    const first = (await parts.next()).value ?? new Uint8Array();
    if (first.length < size) return void (await this.send('PUT', key, {}, first));
    const started = await this.send('POST', key, { uploads: '' });
    const uploadId = between(started, 'UploadId') ?? '';
    try {
      const tags: string[] = [];
      const sendPart = async (part: Uint8Array) => {
        const query = { partNumber: `${tags.length + 1}`, uploadId };
        tags.push((await this.request('PUT', key, query, part)).headers.get('etag') ?? '');
      };
      await sendPart(first);
      for await (const part of parts) await sendPart(part);
      const list = tags.map(
        (tag, index) => `<Part><PartNumber>${index + 1}</PartNumber><ETag>${tag}</ETag></Part>`,
      );
      const body = `<CompleteMultipartUpload>${list.join('')}</CompleteMultipartUpload>`;
      const answer = await this.send('POST', key, { uploadId }, Buffer.from(body));
      // The status is 200 also where the server finds out later that it fails.
      if (answer.includes('<Error>')) throw new Error(`upload of ${key}: ${explain(answer)}`);
    } catch (error) {
      await this.send('DELETE', key, { uploadId }).catch(() => undefined);
      throw error;
    }
  }

  async remove(key: string): Promise<void> {
    await this.send('DELETE', key);
  }

  private async send(...args: Parameters<S3['request']>): Promise<string> {
    return (await this.request(...args)).text();
  }

  /** @throws Error with the server's own reason */
  private async request(
    method: string,
    key: string,
    query: Readonly<Record<string, string>> = {},
    body: Uint8Array = new Uint8Array(),
    attempts = 3,
  ): Promise<Response> {
    const url = new URL(`${this.url}/${key.split('/').map(encode).join('/')}`);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    const what = `${method} ${url.origin}${url.pathname}`;
    // With it the signature covers the body: the server refuses one that was changed on its way.
    const headers = { 'x-amz-content-sha256': createHash('sha256').update(body).digest('hex') };
    const init = { method, headers, ...(method !== 'GET' && { body: body as BodyInit }) };
    const answer = await this.aws.fetch(url.href, init).catch(async (error: Error) => {
      if (attempts === 1) throw new Error(`${what}: ${error.cause ?? error.message}`);
      await new Promise((done) => setTimeout(done, 2_000));
      return this.request(method, key, query, body, attempts - 1);
    });
    if (answer.ok) return answer;
    throw new Error(`${what}: ${answer.status} ${explain(await answer.text())}`);
  }
}

function explain(answer: string): string {
  return `${between(answer, 'Code') ?? ''} ${between(answer, 'Message') ?? ''}`.trim();
}

/** A stream in pieces of one size; the last may be smaller. */
async function* inParts(stream: AsyncIterable<Uint8Array>, size: number) {
  let chunks: Uint8Array[] = [];
  let length = 0;
  for await (let chunk of stream) {
    while (length + chunk.length >= size) {
      const rest = size - length;
      yield Buffer.concat([...chunks, chunk.subarray(0, rest)]);
      chunk = chunk.subarray(rest);
      [chunks, length] = [[], 0];
    }
    chunks.push(chunk);
    length += chunk.length;
  }
  if (length > 0) yield Buffer.concat(chunks);
}
