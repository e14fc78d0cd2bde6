import { session } from './cluster.ts';
import { grantedPermissionsOf, permissionsOf, serviceAccountUser } from './permissions.ts';

test('the default ServiceAccount has no additional permissions', async () => {
  expect(await permissionsOf(serviceAccountUser('default'))).toEqual(
    await permissionsOf(serviceAccountUser('no-permissions')),
  );
});

test('the collector has exactly the permission to watch pods', async () => {
  const { enabled } = session.settings.collector.kubernetesMetadata;
  expect(await grantedPermissionsOf(serviceAccountUser('otel-collector'))).toEqual(
    enabled ? [' pods list,watch'] : [],
  );
});

test('Prometheus has exactly the permissions for discovery and scraping', async () => {
  expect(await grantedPermissionsOf(serviceAccountUser('prometheus'))).toEqual([
    ' nodes,pods get,list,watch',
    ' nodes/metrics get',
  ]);
});
