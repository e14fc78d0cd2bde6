import { createHash } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { partSize, S3 } from './s3.ts';

const config = {
  bucket: 'backups',
  region: 'us-east-1',
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
};

test('parts are large enough for S3 to take an object of any size', () => {
  expect(partSize(0)).toBe(16 * 1024 * 1024);
  expect(1e12 / partSize(1e12)).toBeLessThan(10_000);
});

interface Call {
  readonly what: string;
  readonly body: string;
}

describe('with a server', () => {
  let server: Server;
  let s3: S3;
  let calls: Call[] = [];
  let headers: IncomingHttpHeaders = {};
  let answer: (what: string) => { status?: number; text?: string } = () => ({});

  beforeEach(async () => {
    calls = [];
    answer = () => ({});
    server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const what = `${request.method} ${request.url}`;
      headers = request.headers;
      calls.push({ what, body: Buffer.concat(chunks).toString() });
      const { status = 200, text = '' } = answer(what);
      response.writeHead(status, { etag: `"${calls.length}"` }).end(text);
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const { port } = server.address() as AddressInfo;
    s3 = new S3({ ...config, endpoint: `http://127.0.0.1:${port}` });
  });

  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  });

  async function* stream(...texts: string[]) {
    for (const text of texts) yield Buffer.from(text);
  }

  test('a short stream is one request, a long one has parts of one size', async () => {
    await s3.put('a/short', stream('ab', 'c'), 4);
    expect(calls).toEqual([{ what: 'PUT /backups/a/short', body: 'abc' }]);
    calls = [];
    answer = (what) => ({ text: what.endsWith('?uploads=') ? '<UploadId>u1</UploadId>' : '' });
    await s3.put('a/long', stream('abc', 'defgh', 'ij'), 4);
    const path = '/backups/a/long';
    expect(calls.slice(1, 4)).toEqual([
      { what: `PUT ${path}?partNumber=1&uploadId=u1`, body: 'abcd' },
      { what: `PUT ${path}?partNumber=2&uploadId=u1`, body: 'efgh' },
      { what: `PUT ${path}?partNumber=3&uploadId=u1`, body: 'ij' },
    ]);
    expect(calls[4]?.body).toContain('<Part><PartNumber>3</PartNumber><ETag>"4"</ETag></Part>');
  });

  test('the signature covers the body', async () => {
    await s3.put('a b', stream('abc'), 4);
    expect(headers.authorization).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE\/\d{8}\/us-east-1\/s3\/aws4_request, SignedHeaders=\S*x-amz-content-sha256\S*, Signature=[0-9a-f]{64}$/,
    );
    const hash = createHash('sha256').update('abc').digest('hex');
    expect(headers['x-amz-content-sha256']).toBe(hash);
  });

  test.each([
    ['a part is refused', /partNumber=2/, 403],
    ['the end fails with status 200', /^POST .*uploadId/, 200],
  ])('a long upload is removed if %s', async (_, failing, status) => {
    answer = (what) => {
      if (failing.test(what)) return { status, text: '<Error><Code>Odd</Code></Error>' };
      return { text: what.endsWith('?uploads=') ? '<UploadId>u1</UploadId>' : '' };
    };
    await expect(s3.put('a', stream('abcd', 'ef'), 4)).rejects.toThrow('Odd');
    expect(calls.at(-1)?.what).toBe('DELETE /backups/a?uploadId=u1');
  });

  test('a listing has all of its pages', async () => {
    answer = (what) =>
      what.includes('continuation-token=t2')
        ? { text: '<Key>x/b</Key>' }
        : { text: '<Key>x/a</Key><NextContinuationToken>t2</NextContinuationToken>' };
    expect(await s3.list('x/')).toEqual(['x/a', 'x/b']);
  });

  test('an error has the reason of the server, without the key', async () => {
    answer = () => ({ status: 403, text: '<Code>AccessDenied</Code><Message>no</Message>' });
    const error: Error = await s3.list('x/').catch((each) => each);
    expect(error.message).toMatch(
      /^GET http:\/\/127\.0\.0\.1:\d+\/backups\/: 403 AccessDenied no$/,
    );
  });
});
