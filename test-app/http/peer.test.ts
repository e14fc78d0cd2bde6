import { createServer } from 'node:http';
import { closeServers, listen } from '../testing/in-process.ts';
import { Peer } from './peer.ts';

afterAll(closeServers);

test('a peer that does not respond in time causes UpstreamTimeout', async () => {
  const silent = createServer(() => {});
  const peer = new Peer('orders', new URL(await listen(silent.listen(0))), 20);
  await expect(peer.get('/')).rejects.toMatchObject({
    name: 'UpstreamTimeout',
    cause: expect.objectContaining({ name: 'TimeoutError' }),
  });
});
