/**
 * The Lease that `./mantis deploy` and `./mantis restore` hold too, so that none of them changes a store
 * while it is copied, and only one store is stopped at a time.
 */
import { hostname } from 'node:os';
import { api, sleep } from './kubernetes.ts';
import type { BackupPlan } from './plan.ts';

interface Lease {
  readonly metadata: { readonly resourceVersion?: string };
  readonly spec?: {
    readonly holderIdentity?: string;
    readonly leaseDurationSeconds?: number;
    readonly acquireTime?: string;
    readonly renewTime?: string;
    readonly leaseTransitions?: number;
  };
}

/** A Kubernetes MicroTime. */
const now = () => new Date().toISOString().replace('Z', '000Z');

export class Lock {
  /** Who held the Lease without releasing it, if it was taken over. */
  takenFrom: string | undefined;
  private lost = false;
  private timer: NodeJS.Timeout | undefined;
  private readonly path: string;
  private readonly operation: string;
  private readonly lease: BackupPlan['lease'];

  constructor(namespace: string, lease: BackupPlan['lease'], operation: string) {
    this.lease = lease;
    this.path = `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases`;
    this.operation = operation;
  }

  /** Waits until no other process holds it. */
  async acquire(): Promise<void> {
    let waits = false;
    for (;;) {
      const lease = await this.read();
      const { holderIdentity, renewTime = 0, leaseDurationSeconds } = lease?.spec ?? {};
      const expires =
        new Date(renewTime).getTime() + (leaseDurationSeconds ?? this.lease.seconds) * 1000;
      if (!holderIdentity || Date.now() > expires) {
        this.takenFrom = holderIdentity;
        if (await this.write(lease, hostname())) break;
      }
      if (!waits)
        console.log(`waits for ${holderIdentity}, which holds the Lease ${this.lease.name}`);
      waits = true;
      await sleep(5);
    }
    this.timer = setInterval(() => void this.renew().catch(() => undefined), 10_000);
  }

  /** @throws Error if another process has taken it, as `--force-unlock` does */
  requireHeld(): void {
    if (this.lost) throw new Error(`another process has taken the Lease ${this.lease.name}`);
  }

  async release(): Promise<void> {
    clearInterval(this.timer);
    const lease = await this.read();
    if (lease?.spec?.holderIdentity === hostname()) await this.write(lease, undefined);
  }

  private read(): Promise<Lease | undefined> {
    return api<Lease>('GET', `${this.path}/${this.lease.name}`);
  }

  private async renew(): Promise<void> {
    const lease = await this.read();
    this.lost = lease?.spec?.holderIdentity !== hostname();
    if (!this.lost) await this.write(lease, hostname());
  }

  /** Whether it was written, and not by another process meanwhile. */
  private async write(previous: Lease | undefined, holder: string | undefined): Promise<boolean> {
    const { holderIdentity, acquireTime, leaseTransitions = 0 } = previous?.spec ?? {};
    const isNew = holder !== undefined && holder !== holderIdentity;
    const lease = {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: {
        ...previous?.metadata,
        name: this.lease.name,
        managedFields: undefined,
        annotations: { [this.lease.annotation]: this.operation },
      },
      spec: {
        leaseTransitions: leaseTransitions + (isNew ? 1 : 0),
        ...(holder !== undefined && {
          holderIdentity: holder,
          leaseDurationSeconds: this.lease.seconds,
          acquireTime: isNew ? now() : acquireTime,
          renewTime: now(),
        }),
      },
    };
    const written =
      previous === undefined
        ? await api('POST', this.path, lease)
        : await api('PUT', `${this.path}/${this.lease.name}`, lease);
    return written !== undefined;
  }
}
