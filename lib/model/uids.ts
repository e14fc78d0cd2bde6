/** Fixed uids, because links of dashboards and alerts and bookmarks contain them. */
export const dashboardUids = {
  home: 'mantis-home',
  unified: 'mantis-unified',
  application: 'mantis-application',
  logs: 'mantis-logs',
  traces: 'mantis-traces',
  collector: 'mantis-collector',
  stack: 'mantis-stack',
  /** Only installed with the test app. */
  shop: 'mantis-shop',
  /** Only installed with the cluster view. */
  cluster: 'mantis-cluster',
  workloads: 'mantis-workloads',
  nodes: 'mantis-nodes',
} as const;

/** Fixed uids, so that dashboards and links work in every installation. */
export const datasourceUids = {
  prometheus: 'prometheus',
  loki: 'loki',
  tempo: 'tempo',
  alertmanager: 'alertmanager',
} as const;

export type DatasourceUid = keyof typeof datasourceUids;
