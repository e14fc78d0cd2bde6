/** Fixed uids, because links hold them: those of other dashboards, of alerts, of a person's bookmarks. */
export const dashboardUids = {
  unified: 'mantis-unified',
  application: 'mantis-application',
  logs: 'mantis-logs',
  traces: 'mantis-traces',
  collector: 'mantis-collector',
  stack: 'mantis-stack',
  /** With the cluster view alone. */
  cluster: 'mantis-cluster',
} as const;
