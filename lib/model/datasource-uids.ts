/** Fixed uids, so that dashboards and links work in every installation. */
export const datasourceUids = {
  prometheus: 'prometheus',
  loki: 'loki',
  tempo: 'tempo',
  alertmanager: 'alertmanager',
} as const;

export type DatasourceUid = keyof typeof datasourceUids;
