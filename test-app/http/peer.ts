import { NotFound, UpstreamTimeout, UpstreamUnavailable } from './problems.ts';

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/**
 * A client for another role of this app. The instrumentation of fetch adds the traceparent header.
 */
export class Peer {
  readonly name: string;
  private readonly url: URL;
  private readonly timeoutMs: number;

  constructor(name: string, url: URL, timeoutMs = 5000) {
    this.name = name;
    this.url = url;
    this.timeoutMs = timeoutMs;
  }

  get(path: string): Promise<Answer> {
    return this.send(path, { method: 'GET' });
  }

  /** @throws NotFound if the peer has nothing at the path */
  async find<T>(path: string): Promise<T> {
    const { status, body } = await this.get(path);
    if (status === 200) return body as T;
    if (status === 404) throw new NotFound(`the ${this.name} service has no ${path}`);
    throw new UpstreamUnavailable(`the ${this.name} service answered ${status}`);
  }

  post(path: string, body: unknown): Promise<Answer> {
    const headers = { 'content-type': 'application/json' };
    return this.send(path, { method: 'POST', headers, body: JSON.stringify(body) });
  }

  /** Returns 4xx responses to the caller; 5xx responses are errors. @throws UpstreamUnavailable */
  private async send(path: string, init: RequestInit): Promise<Answer> {
    const { status, body } = await this.exchange(path, init);
    if (status >= 500) throw new UpstreamUnavailable(`the ${this.name} service answered ${status}`);
    return { status, body };
  }

  private async exchange(path: string, init: RequestInit): Promise<Answer> {
    const signal = AbortSignal.timeout(this.timeoutMs);
    try {
      const response = await fetch(new URL(path, this.url), { ...init, signal });
      const body: unknown = response.status < 500 ? await response.json() : await response.text();
      return { status: response.status, body };
    } catch (error) {
      const cause = rootCause(error);
      if (signal.aborted) {
        throw new UpstreamTimeout(`the ${this.name} service did not answer in time`, { cause });
      }
      throw new UpstreamUnavailable(`the ${this.name} service is unavailable`, { cause });
    }
  }
}

/** The cause of `fetch failed`, such as ECONNREFUSED. */
function rootCause(error: unknown): unknown {
  const wraps = typeof error === 'object' && error !== null && 'cause' in error;
  return wraps ? (error.cause ?? error) : error;
}
