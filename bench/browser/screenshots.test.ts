import { mkdtempSync, readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dashboards } from '../../dashboards/index.ts';
import { takePictures } from './screenshots.ts';

const login = { user: 'admin', password: 'secret' };
const picture = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a]);

/** A Grafana with or without a renderer; gives what was written, and what it was asked. */
async function taken(rendererAvailable: boolean, answer: Buffer) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.headers.authorization} ${request.url}`);
    const isSettings = request.url === '/api/frontend/settings';
    response.end(isSettings ? JSON.stringify({ rendererAvailable }) : answer);
  }).listen(0);
  const directory = join(mkdtempSync(join(tmpdir(), 'mantis-pictures-')), 'new');
  try {
    const { port } = server.address() as AddressInfo;
    await takePictures(`http://127.0.0.1:${port}`, login, directory, dashboards);
    return { asked, files: readdirSync(directory) };
  } finally {
    server.close();
  }
}

test('each dashboard is a picture of its own', async () => {
  const { asked, files } = await taken(true, picture);
  expect(files.sort()).toEqual(
    ['application', 'collector', 'logs', 'stack', 'traces', 'unified'].map((name) => `${name}.png`),
  );
  expect(asked.at(-1)).toMatch(/^Basic \S+ \/render\/d\/mantis-/);
});

test('a Grafana without a renderer is not asked for the picture that says so', () =>
  expect(taken(false, picture)).rejects.toThrow('this Grafana has no image renderer'));

test('what is no picture is not kept as one', () =>
  expect(taken(true, Buffer.from('<html>'))).rejects.toThrow('no picture of unified'));
