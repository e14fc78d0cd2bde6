import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * The part of S3 that backups need, in memory: one bucket, multipart uploads, listings in pages of two.
 * Signatures are not verified.
 */
export class FakeS3 {
  readonly objects = new Map<string, Buffer>();
  /** Every change in its order: `PUT key`, `DELETE key`. */
  readonly changes: string[] = [];
  /** Whether requests had a checksum of their body. */
  readonly checksums: boolean[] = [];
  /** Error responses by method and key, such as `PUT a/manifest.json`; `*` for all requests. */
  refusals: Record<string, { readonly status: number; readonly code: string }> = {};
  private readonly parts = new Map<string, Buffer[]>();
  private readonly server: Server;
  private readonly bucket: string;

  constructor(bucket: string) {
    this.bucket = bucket;
    this.server = createServer((request, response) => {
      void bodyOf(request).then((body) => this.answer(request, body, response));
    });
  }

  /**
   * @param address where it listens; all for clients on other machines
   * @returns the variables for a client on this machine
   */
  async start(address = '127.0.0.1'): Promise<NodeJS.ProcessEnv> {
    await new Promise<void>((done) => this.server.listen(0, address, done));
    const { port } = this.server.address() as AddressInfo;
    return { AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${port}`, AWS_REGION: 'us-east-1' };
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }

  private answer(request: IncomingMessage, body: Buffer, response: ServerResponse): void {
    const { method = 'GET', headers } = request;
    const url = new URL(request.url ?? '/', 'http://fake');
    const [, bucket = '', ...rest] = url.pathname.split('/').map(decodeURIComponent);
    const key = rest.join('/');
    const end = (status: number, text: string | Buffer = '', more = {}) =>
      response.writeHead(status, { 'content-length': Buffer.byteLength(text), ...more }).end(text);
    const refused = this.refusals[`${method} ${key}`] ?? this.refusals['*'];
    if (refused !== undefined) return void end(refused.status, problem(refused.code));
    if (bucket !== this.bucket) return void end(404, problem('NoSuchBucket'));
    const query = url.searchParams;
    if (method === 'PUT') {
      const sums = Object.keys(headers).some((name) => name.startsWith('x-amz-checksum-'));
      this.checksums.push(sums);
      const upload = this.parts.get(query.get('uploadId') ?? '');
      if (upload === undefined) this.put(key, body);
      else upload[Number(query.get('partNumber')) - 1] = body;
      return void end(200, '', { etag: '"tag"' });
    }
    if (method === 'POST' && query.has('uploads')) {
      this.parts.set(key, []);
      return void end(200, xml('InitiateMultipartUploadResult', `<UploadId>${key}</UploadId>`));
    }
    if (method === 'POST') {
      this.put(key, Buffer.concat(this.parts.get(query.get('uploadId') ?? '') ?? []));
      return void end(200, xml('CompleteMultipartUploadResult', '<ETag>"tag"</ETag>'));
    }
    if (method === 'DELETE') {
      if (this.objects.delete(key)) this.changes.push(`DELETE ${key}`);
      return void end(204);
    }
    if (key === '') return void end(200, this.page(query));
    const object = this.objects.get(key);
    if (object === undefined) return void end(404, problem('NoSuchKey'));
    end(200, object);
  }

  private put(key: string, body: Buffer): void {
    this.objects.set(key, body);
    this.changes.push(`PUT ${key}`);
  }

  private page(query: URLSearchParams): string {
    const start = Number(query.get('continuation-token') ?? 0);
    const prefix = query.get('prefix') ?? '';
    const keys = [...this.objects.keys()].filter((key) => key.startsWith(prefix)).sort();
    const contents = keys.slice(start, start + 2).map((key) => {
      const size = this.objects.get(key)?.length;
      return `<Contents><Key>${key}</Key><Size>${size}</Size></Contents>`;
    });
    const more =
      start + 2 < keys.length ? `<NextContinuationToken>${start + 2}</NextContinuationToken>` : '';
    return xml('ListBucketResult', `${contents.join('')}${more}`);
  }
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function xml(name: string, content: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?><${name}>${content}</${name}>`;
}

function problem(code: string): string {
  return xml('Error', `<Code>${code}</Code><Message>it said no</Message>`);
}
