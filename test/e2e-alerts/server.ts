import { createServer, type IncomingMessage } from 'node:http';

/**
 * Runs in the cluster: takes what Alertmanager sends, and gives it back to whoever asks. POST /unwell
 * is refused for as long as somebody wants it to be.
 */
const received: { at: number; alert: unknown }[] = [];
let unwell = false;

async function body(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of request) text += chunk;
  return JSON.parse(text || '{}');
}

createServer(async (request, response) => {
  const { method, url } = request;
  if (url === '/fault') unwell = method === 'PUT';
  else if (method === 'GET') {
    response.end(JSON.stringify(received));
    return;
  } else if (url === '/unwell' && unwell) response.statusCode = 400;
  else {
    const { alerts } = (await body(request)) as { alerts: unknown[] };
    received.push(...alerts.map((alert) => ({ at: Date.now(), alert })));
  }
  response.end('{}');
}).listen(8080);
