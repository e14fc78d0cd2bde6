import { createServer, type IncomingMessage } from 'node:http';

/**
 * Runs in the cluster: stores the notifications of Alertmanager and returns them on GET. PUT /fault makes
 * it reject requests to /failing, DELETE /fault ends that.
 */
const received: { at: number; alert: unknown }[] = [];
let failing = false;

async function body(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of request) text += chunk;
  return JSON.parse(text || '{}');
}

createServer(async (request, response) => {
  const { method, url } = request;
  if (url === '/fault') failing = method === 'PUT';
  else if (method === 'GET') {
    response.end(JSON.stringify(received));
    return;
  } else if (url === '/failing' && failing) response.statusCode = 400;
  else {
    const { alerts } = (await body(request)) as { alerts: unknown[] };
    received.push(...alerts.map((alert) => ({ at: Date.now(), alert })));
  }
  response.end('{}');
}).listen(8080);
