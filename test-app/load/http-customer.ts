import type { IncomingMessage } from 'node:http';
import type { Answer, Customer } from './journeys.ts';
import { routeName } from './route-name.ts';

/** The result of one request. */
export interface Outcome {
  /** Method and route. */
  readonly name: string;
  /** 0 without a response. */
  readonly status: number;
  readonly expected: boolean;
  readonly milliseconds: number;
}

export interface HttpCustomersProps {
  readonly shop: URL;
  /** Called after each request. */
  readonly report: (outcome: Outcome) => void;
  readonly wait: Customer['pause'];
  /** For the complete response. @default 10 000 */
  readonly timeoutMs?: number;
}

/** Longer bodies are read but not kept: the longest that a journey needs is the list of products. */
const longestBody = 1_000_000;

/**
 * Creates customers that use the shop over HTTP. Uses the client of node:http by getBuiltinModule: fetch
 * takes 16 MB more memory, and so does an import of node:http, which loads fetch for http.WebSocket.
 */
export function httpCustomers({ shop, report, wait, timeoutMs = 10_000 }: HttpCustomersProps) {
  const tls = shop.protocol === 'https:';
  const { request } = process.getBuiltinModule(tls ? 'node:https' : 'node:http');
  const base = shop.href.replace(/\/+$/, '');

  return (id: string, random: () => number): Customer => {
    const ask = async (
      method: 'GET' | 'POST',
      path: string,
      expected: readonly number[],
      body?: string,
    ): Promise<Answer> => {
      const start = performance.now();
      const answer = await send(method, `${base}${path}`, body);
      report({
        name: routeName(method, path),
        status: answer.status,
        expected: expected.includes(answer.status),
        milliseconds: performance.now() - start,
      });
      return answer;
    };

    const send = (method: string, url: string, body?: string) =>
      new Promise<Answer>((resolve) => {
        const noAnswer = () => resolve({ status: 0, json: undefined });
        const headers = {
          'x-user-id': id,
          'user-agent': 'mantis-load (node)',
          ...(body !== undefined && {
            'content-type': 'application/json',
            'content-length': Buffer.byteLength(body),
          }),
        };
        // A connection for each request: a keep-alive connection would always use the same pod.
        const sent = request(url, { method, agent: false, headers }, (response) => {
          readAnswer(response).then(resolve, noAnswer);
        });
        const timer = setTimeout(() => sent.destroy(), timeoutMs);
        sent.on('close', () => clearTimeout(timer));
        sent.on('error', noAnswer);
        sent.end(body);
      });

    return {
      id,
      random,
      get: (path, expected) => ask('GET', path, expected),
      post: (path, body, expected) =>
        ask('POST', path, expected, typeof body === 'string' ? body : JSON.stringify(body)),
      pause: wait,
    };
  };
}

async function readAnswer(response: IncomingMessage): Promise<Answer> {
  let body = '';
  for await (const chunk of response.setEncoding('utf8')) {
    if (body.length < longestBody) body += chunk;
  }
  return { status: response.statusCode ?? 0, json: parse(body) };
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
