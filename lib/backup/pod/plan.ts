/** What the pod of a scheduled backup is told; its argument, as JSON. */
export interface BackupPlan {
  readonly store: string;
  /** Where the volume of the store is mounted. */
  readonly dataDir: string;
  /** The image of the store, whose release a restore compares. */
  readonly image: string;
  /** Version of Mantis. */
  readonly mantis: string;
  readonly clusterName: string;
  /** The Lease that deployments hold too, and its annotation with what the holder does. */
  readonly lease: {
    readonly name: string;
    readonly annotation: string;
    readonly seconds: number;
  };
  readonly bucket: string;
  /** Path of the backups of this store in the bucket, without slashes at its ends. */
  readonly prefix: string;
  /** URL of a server that is not Amazon's. @default - Amazon S3 in the region */
  readonly endpoint?: string;
  readonly region: string;
  /** How many backups are kept. */
  readonly keep: number;
  /** URL to which the metric of a complete backup is sent by OTLP. */
  readonly metricsUrl: string;
  readonly metric: {
    readonly name: string;
    readonly unit: string;
    readonly description: string;
    readonly service: string;
    /** Attribute with the name of the store. */
    readonly attribute: string;
  };
}
