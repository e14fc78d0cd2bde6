import { mkdtempSync, readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { allDashboards } from '../../dashboards/index.ts';
import { saveScreenshots } from './screenshots.ts';

const login = { user: 'admin', password: 'secret' };
const picture = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a]);

/** Runs against a fake Grafana. @returns the files written and the requests received */
async function saveFromFake(rendererAvailable: boolean, answer: Buffer) {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(`${request.headers.authorization} ${request.url}`);
    const isSettings = request.url === '/api/frontend/settings';
    response.end(isSettings ? JSON.stringify({ rendererAvailable }) : answer);
  }).listen(0);
  const directory = join(mkdtempSync(join(tmpdir(), 'mantis-pictures-')), 'new');
  try {
    const { port } = server.address() as AddressInfo;
    await saveScreenshots(`http://127.0.0.1:${port}`, login, directory, allDashboards);
    return { requests, files: readdirSync(directory) };
  } finally {
    server.close();
  }
}

test('each dashboard has a screenshot', async () => {
  const { requests, files } = await saveFromFake(true, picture);
  expect(files.sort()).toEqual(
    ['application', 'collector', 'logs', 'stack', 'traces', 'unified'].map((name) => `${name}.png`),
  );
  expect(requests.at(-1)).toMatch(/^Basic \S+ \/render\/d\/mantis-/);
});

test('a Grafana without a renderer is an error', () =>
  expect(saveFromFake(false, picture)).rejects.toThrow('this Grafana has no image renderer'));

test('a response that is not an image is an error', () =>
  expect(saveFromFake(true, Buffer.from('<html>'))).rejects.toThrow(
    'without a picture of unified',
  ));
