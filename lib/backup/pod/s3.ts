/**
 * The part of S3 that a scheduled backup needs: put, list and delete. Node.js runs it as it is from a
 * ConfigMap, so it imports nothing but Node.js' own modules; the client of AWS that `./mantis backup`
 * uses would be 190 KB in that ConfigMap.
 */
import { createHash, createHmac } from 'node:crypto';

export interface S3Config {
  readonly bucket: string;
  /** @default - Amazon S3 in the region */
  readonly endpoint?: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

interface S3Request {
  readonly method: string;
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
}

/** S3 allows 10000 parts of one object, each of at least 5 MiB. */
const smallestPart = 16 * 1024 * 1024;
const mostParts = 9_000;

/** A size of parts with which an object of some bytes has not too many. */
export function partSize(bytes: number): number {
  return Math.max(smallestPart, Math.ceil(bytes / mostParts));
}

const sha256 = (data: string | Uint8Array) => createHash('sha256').update(data).digest('hex');
const hmac = (key: string | Buffer, text: string) =>
  createHmac('sha256', key).update(text).digest();
const encode = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16)}`);

/**
 * The headers of a request with its signature, which also covers the body, so that the server refuses
 * one that was changed on its way
 * (https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html).
 */
export function signedHeaders(
  { region, accessKeyId, secretAccessKey, sessionToken }: S3Config,
  { method, url, headers = {}, body = new Uint8Array() }: S3Request,
  now: Date,
): Record<string, string> {
  const time = now.toISOString().replace(/[-:]|\.\d+/g, '');
  const all: Record<string, string> = {
    ...headers,
    'x-amz-content-sha256': sha256(body),
    'x-amz-date': time,
    ...(sessionToken && { 'x-amz-security-token': sessionToken }),
  };
  const signed = Object.entries({ host: url.host, ...all }).sort(([a], [b]) => (a < b ? -1 : 1));
  const names = signed.map(([name]) => name).join(';');
  const query = [...url.searchParams]
    .map(([key, value]) => `${encode(key)}=${encode(value)}`)
    .sort()
    .join('&');
  const lines = signed.map(([name, value]) => `${name}:${value}\n`).join('');
  const hash = all['x-amz-content-sha256'];
  const canonical = [method, url.pathname, query, lines, names, hash].join('\n');
  const scope = `${time.slice(0, 8)}/${region}/s3/aws4_request`;
  const key = scope.split('/').reduce<string | Buffer>(hmac, `AWS4${secretAccessKey}`) as Buffer;
  const signature = hmac(key, `AWS4-HMAC-SHA256\n${time}\n${scope}\n${sha256(canonical)}`);
  const credential = `Credential=${accessKeyId}/${scope}`;
  return {
    ...all,
    authorization: `AWS4-HMAC-SHA256 ${credential},SignedHeaders=${names},Signature=${signature.toString('hex')}`,
  };
}

const between = (text: string, tag: string): string | undefined =>
  new RegExp(`<${tag}>([^<]*)</${tag}>`).exec(text)?.[1];

export class S3 {
  private readonly config: S3Config;

  constructor(config: S3Config) {
    this.config = config;
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

  /** @throws Error with the server's own reason, after three attempts if it may be temporary */
  private async request(
    method: string,
    key: string,
    query: Readonly<Record<string, string>> = {},
    body?: Uint8Array,
  ): Promise<Response> {
    const { bucket, endpoint, region } = this.config;
    const base =
      endpoint === undefined
        ? `https://${bucket}.s3.${region}.amazonaws.com`
        : `${endpoint}/${bucket}`;
    const url = new URL(`${base}/${key.split('/').map(encode).join('/')}`);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    const what = `${method} ${url.origin}${url.pathname}`;
    for (let attempt = 1; ; attempt += 1) {
      const headers = signedHeaders(this.config, { method, url, body }, new Date());
      const answer = await fetch(url, { method, headers, body: body as BodyInit }).catch(
        (error: Error) => new Error(`${what}: ${error.cause ?? error.message}`),
      );
      if (answer instanceof Response && answer.ok) return answer;
      const failed =
        answer instanceof Error
          ? answer
          : new Error(`${what}: ${answer.status} ${explain(await answer.text())}`);
      const permanent = answer instanceof Response && answer.status < 500;
      if (permanent || attempt === 3) throw failed;
      await new Promise((done) => setTimeout(done, attempt * 2_000));
    }
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
