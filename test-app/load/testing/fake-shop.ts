import { createServer, type IncomingMessage, type Server } from 'node:http';
import { errorAnswers } from '../journeys.ts';

interface FakeResponse {
  readonly status: number;
  readonly body: unknown;
}

/** The status and a minimal body of each route of the shop. */
export function respondAs(method: string, path: string, body = ''): FakeResponse {
  const url = new URL(path, 'http://shop');
  const [, , kind = '', id] = url.pathname.split('/');
  if (url.pathname === '/') return { status: 200, body: '<h1>Shop</h1>' };
  if (kind === 'error') return fail(url.searchParams.get('type'));
  if (method === 'POST') return kind === 'orders' ? placeOrder(body) : created('51');
  if (kind === 'slow' || kind === 'chain') return { status: 200, body: {} };
  if (id !== undefined) return { status: id === '999' ? 404 : 200, body: { id } };
  return { status: 200, body: kind === 'products' ? products : [] };
}

/** The fake as an HTTP server. `seen` gets a line for each request. */
export function fakeShop(seen: string[] = []): Server {
  return createServer(async (request, response) => {
    const { method = '', url = '' } = request;
    const { status, body } = respondAs(method, url, await textOf(request));
    seen.push(`${method} ${url} ${status} of user ${request.headers['x-user-id']}`);
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
}

const products = ['coffee', 'tea', 'mug', 'machine'].map((id) => ({
  id,
  stock: id === 'machine' ? 0 : 80,
}));

function placeOrder(body: string): FakeResponse {
  try {
    const { items, card } = JSON.parse(body);
    const known = products.some(({ id }) => id === items[0].product);
    if (!known || items[0].quantity < 1) return { status: 400, body: {} };
    return card.startsWith('4000') ? { status: 402, body: {} } : created('o-1');
  } catch {
    return { status: 400, body: {} };
  }
}

function created(id: string): FakeResponse {
  return { status: 201, body: { id } };
}

function fail(type: string | null): FakeResponse {
  const status = Object.entries(errorAnswers).find(([known]) => known === type)?.[1] ?? 500;
  return { status, body: { error: type } };
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text;
}
