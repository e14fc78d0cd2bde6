import type { z } from 'zod';

/** An answer that is not a success. */
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

/** Where an API begins: a URL, or one with what every request to it needs. */
export type Base = string | HttpBase;

export interface HttpBase {
  /** May end in a path, such as that of a proxy. */
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** How long one request may take. @default 20000 */
  readonly timeoutMs?: number;
}

export interface HttpRequest {
  readonly query?: Readonly<Record<string, string | number>>;
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One HTTP request with a time limit; the body of a successful answer. */
export async function fetchText(base: Base, path: string, request: HttpRequest = {}) {
  return (await fetchAnswer(base, path, request)).text;
}

/** The same, with the headers of the answer. */
export async function fetchAnswer(base: Base, path: string, request: HttpRequest = {}) {
  const { query = {}, method = 'GET', body } = request;
  const { url: start, headers, timeoutMs = 20_000 } = baseOf(base);
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

function baseOf(base: Base): HttpBase {
  return typeof base === 'string' ? { url: base } : base;
}

/** The same, read as JSON of an expected shape. */
export async function fetchJson<T>(
  base: Base,
  path: string,
  schema: z.ZodType<T>,
  request: HttpRequest = {},
): Promise<T> {
  return schema.parse(JSON.parse(await fetchText(base, path, request)));
}
