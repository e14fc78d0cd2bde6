/** Fixed uids, so that dashboards and links of any installation fit any other. */
export const datasourceUids = {
  prometheus: 'prometheus',
  loki: 'loki',
  tempo: 'tempo',
  alertmanager: 'alertmanager',
} as const;

export type DatasourceUid = keyof typeof datasourceUids;
