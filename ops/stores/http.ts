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

export interface HttpRequest {
  readonly query?: Readonly<Record<string, string | number>>;
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One HTTP request with a time limit; the body of a successful answer. */
export async function fetchText(base: string, path: string, request: HttpRequest = {}) {
  const { query = {}, method = 'GET', body, headers } = request;
  const url = new URL(path, base);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, String(value));
  const response = await fetch(url, {
    method,
    headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    body: body === undefined ? undefined : JSON.stringify(body),
    signal: AbortSignal.timeout(20_000),
  });
  const text = await response.text();
  if (!response.ok) throw new HttpError(method, url, response.status, text);
  return text;
}

/** The same, read as JSON of an expected shape. */
export async function fetchJson<T>(
  base: string,
  path: string,
  schema: z.ZodType<T>,
  request: HttpRequest = {},
): Promise<T> {
  return schema.parse(JSON.parse(await fetchText(base, path, request)));
}
