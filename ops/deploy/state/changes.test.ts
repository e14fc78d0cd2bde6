import { parseChanges } from './changes.ts';
import { isEmpty, planText } from './plan.ts';

const text = `diff -u -N /tmp/LIVE-1/apps.v1.StatefulSet.observability.loki /tmp/MERGED-2/apps.v1.StatefulSet.observability.loki
--- /tmp/LIVE-1/apps.v1.StatefulSet.observability.loki	2026-11-23
+++ /tmp/MERGED-2/apps.v1.StatefulSet.observability.loki	2026-11-23
@@ -10,7 +10,7 @@
-    a: 1
+    a: 2
diff -u -N /tmp/LIVE-1/v1.ConfigMap.observability.grafana-dashboard-new /tmp/MERGED-2/v1.ConfigMap.observability.grafana-dashboard-new
--- /tmp/LIVE-1/v1.ConfigMap.observability.grafana-dashboard-new	2026-11-23
+++ /tmp/MERGED-2/v1.ConfigMap.observability.grafana-dashboard-new	2026-11-23
@@ -0,0 +1,3 @@
+apiVersion: v1
diff -u -N /tmp/LIVE-1/rbac.authorization.k8s.io.v1.ClusterRole..observability-prometheus /tmp/MERGED-2/rbac.authorization.k8s.io.v1.ClusterRole..observability-prometheus
--- /tmp/LIVE-1/x
+++ /tmp/MERGED-2/x
@@ -1,2 +1,2 @@
-a
+b
`;

test("kubectl's differences are read as what is created and what is changed", () => {
  expect(parseChanges(text)).toMatchObject({
    created: ['configmap/grafana-dashboard-new'],
    changed: ['statefulset/loki', 'clusterrole/observability-prometheus'],
  });
});

test('no difference is no change', () => {
  const none = { ...parseChanges(''), removed: [], fresh: false };
  expect(isEmpty(none)).toBe(true);
  expect(planText(none)).toMatch(/^nothing to change/);
});

test('a plan says how much would change, with names', () => {
  const plan = { ...parseChanges(text), removed: ['deployment/shop'], fresh: false };
  expect(planText(plan).split('\n')).toEqual([
    'compared with what is there:',
    '  1 to create: configmap/grafana-dashboard-new',
    '  2 to change: statefulset/loki, clusterrole/observability-prometheus',
    '  1 to remove: deployment/shop',
  ]);
  const many = { ...plan, created: Array.from({ length: 20 }, (_, n) => `configmap/${n}`) };
  expect(planText(many)).toContain('configmap/11 and 8 more');
});
