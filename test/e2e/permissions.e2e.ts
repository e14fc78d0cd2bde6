import { grantedPermissionsOf, permissionsOf, serviceAccountUser } from './permissions.ts';

test('the default ServiceAccount has no additional permissions', async () => {
  expect(await permissionsOf(serviceAccountUser('default'))).toEqual(
    await permissionsOf(serviceAccountUser('no-permissions')),
  );
});

test('Prometheus has exactly the permissions for discovery and scraping', async () => {
  expect(await grantedPermissionsOf(serviceAccountUser('prometheus'))).toEqual([
    ' nodes,pods get,list,watch',
    ' nodes/metrics get',
  ]);
});
