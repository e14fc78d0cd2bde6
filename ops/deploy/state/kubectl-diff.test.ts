import { parseDiffOutput } from './kubectl-diff.ts';
import { formatPlan, isEmpty } from './plan.ts';

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

test('the output of kubectl diff tells created from changed objects', () => {
  expect(parseDiffOutput(text)).toMatchObject({
    created: ['configmap/grafana-dashboard-new'],
    changed: ['statefulset/loki', 'clusterrole/observability-prometheus'],
  });
});

test('without differences the plan is empty', () => {
  const none = { ...parseDiffOutput(''), removed: [], fresh: false };
  expect(isEmpty(none)).toBe(true);
  expect(formatPlan(none)).toMatch(/^no changes/);
});

test('a plan lists numbers and names, and truncates long lists', () => {
  const plan = { ...parseDiffOutput(text), removed: ['deployment/shop'], fresh: false };
  expect(formatPlan(plan).split('\n')).toEqual([
    'compared with the cluster:',
    '  1 to create: configmap/grafana-dashboard-new',
    '  2 to change: statefulset/loki, clusterrole/observability-prometheus',
    '  1 to remove: deployment/shop',
  ]);
  const many = { ...plan, created: Array.from({ length: 20 }, (_, n) => `configmap/${n}`) };
  expect(formatPlan(many)).toContain('configmap/11 and 8 more');
});
