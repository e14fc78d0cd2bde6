// Generated from the schema of settings by npm run docs.
import type { z } from 'zod';
import type { platformSettings } from './platform.ts';

type Input = z.input<z.ZodObject<typeof platformSettings>>;

/** Options of the pods of every component. */
export interface PodOptions {
  /**
   * Registry mirror that is prepended to every image name.
   * @default - none
   */
  readonly imagePrefix?: string;
  /**
   * Digests that pin images, as `name:tag: sha256:…`; `./mantis images digests` prints them.
   * @default {}
   */
  readonly imageDigests?: Input['imageDigests'];
  /**
   * Pull policy of every container: `IfNotPresent` or `Always`.
   * @default 'IfNotPresent'
   */
  readonly imagePullPolicy?: 'IfNotPresent' | 'Always';
  /**
   * Name of an existing Secret with the credentials of the registry.
   * @default - none
   */
  readonly imagePullSecret?: string;
  /**
   * Leave user and group ids out of pods, for clusters that assign them, such as OpenShift;
   * elsewhere pods would not start.
   * @default false
   */
  readonly assignedUserIds?: boolean;
  /**
   * An object with `url`, `noProxy`, `cidr`.
   * @default {}
   */
  readonly egressProxy?: Input['egressProxy'];
  /**
   * IP families of Services on a dual-stack cluster: `SingleStack`, `PreferDualStack` or
   * `RequireDualStack`.
   * @default - the first family of the cluster
   */
  readonly ipFamilyPolicy?: 'SingleStack' | 'PreferDualStack' | 'RequireDualStack';
  /**
   * StorageClass of every volume.
   * @default - the cluster's default
   */
  readonly storageClass?: string;
  /**
   * Labels of the nodes on which pods run; those of a component are merged over these.
   * @default - none
   */
  readonly nodeSelector?: Input['nodeSelector'];
  /**
   * Taints of nodes that pods tolerate; the list of a component replaces this one.
   * @default - none
   */
  readonly tolerations?: Input['tolerations'];
  /**
   * Affinity of pods to nodes and other pods; that of a component replaces this one.
   * @default - none
   */
  readonly affinity?: Input['affinity'];
  /**
   * Spread of pods over nodes or zones; the list of a component replaces this one.
   * @default - none
   */
  readonly topologySpreadConstraints?: Input['topologySpreadConstraints'];
  /**
   * Name of an existing PriorityClass of pods; that of a component replaces this one.
   * @default - none
   */
  readonly priorityClassName?: string;
  /**
   * Additional labels of pods; those of a component are merged over these.
   * @default - none
   */
  readonly podLabels?: Input['podLabels'];
  /**
   * Additional annotations of pods; those of a component are merged over these.
   * @default - none
   */
  readonly podAnnotations?: Input['podAnnotations'];
}
