import type { z } from 'zod';

export class HttpError extends Error {
  override readonly name = 'HttpError';
  readonly status: number;
  readonly body: string;

  constructor(method: string, url: URL, status: number, body: string) {
    super(`${method} ${url.pathname} answered ${status}: ${body.slice(0, 300).trim()}`);
    this.status = status;
    this.body = body;
  }
}

export type HttpApiOrUrl = string | HttpApi;

export interface HttpApi {
  /** The base URL; may end in a path, such as that of a proxy. */
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** The limit of each request. @default 20000 */
  readonly timeoutMs?: number;
}

interface HttpRequest {
  readonly query?: Readonly<Record<string, string | number>>;
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Sends a request; gives the body of the response. @throws HttpError */
export async function fetchText(base: HttpApiOrUrl, path: string, request: HttpRequest = {}) {
  return (await fetchResponse(base, path, request)).text;
}

/** The same, with the headers of the response. */
export async function fetchResponse(base: HttpApiOrUrl, path: string, request: HttpRequest = {}) {
  const { query = {}, method = 'GET', body } = request;
  const { url: start, headers, timeoutMs = 20_000 } = toHttpApi(base);
  const url = new URL(start.replace(/\/$/, '') + path);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, String(value));
  const response = await fetch(url, {
    method,
    headers: {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
      ...request.headers,
    },
    body: body === undefined ? undefined : JSON.stringify(body),
    signal: AbortSignal.timeout(timeoutMs),
  });
  const text = await response.text();
  if (!response.ok) throw new HttpError(method, url, response.status, text);
  return { text, headers: response.headers };
}

function toHttpApi(base: HttpApiOrUrl): HttpApi {
  return typeof base === 'string' ? { url: base } : base;
}

/** The same, with the body parsed as JSON. */
export async function fetchJson<T>(
  base: HttpApiOrUrl,
  path: string,
  schema: z.ZodType<T>,
  request: HttpRequest = {},
): Promise<T> {
  return schema.parse(JSON.parse(await fetchText(base, path, request)));
}
