import { closeServers, serveAll } from '../testing/in-process.ts';

afterAll(closeServers);

test('products are listed and found by id', async () => {
  const { shop } = await serveAll();
  const products: { id: string }[] = await (await shop.get('/api/products')).json();
  expect(products).toHaveLength(20);
  const coffee = products.find(({ id }) => id === 'coffee');
  expect(coffee).toMatchObject({ cents: 1290, stock: 80 });
  expect(await (await shop.get('/api/products/coffee')).json()).toEqual(coffee);
});

test('an unknown product is a 404', async () => {
  const { shop } = await serveAll();
  expect((await shop.get('/api/products/gold')).status).toBe(404);
});
