/** The requests of a scheduled backup to the Kubernetes API, as the ServiceAccount of its pod. */
import { readFileSync } from 'node:fs';

const directory = '/var/run/secrets/kubernetes.io/serviceaccount';
const file = (name: string) => readFileSync(`${directory}/${name}`, 'utf8').trim();

/** The namespace of this pod. */
export const ownNamespace = () => file('namespace');

export const sleep = (seconds: number) => new Promise((done) => setTimeout(done, seconds * 1000));

/** The answer of the API; undefined if there is no such object, or if it has changed meanwhile. */
export async function api<T>(method: string, path: string, body?: object): Promise<T | undefined> {
  const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
  const answer = await fetch(`https://kubernetes.default.svc${path}`, {
    method,
    // The kubelet replaces the token before it expires.
    headers: {
      authorization: `Bearer ${file('token')}`,
      'content-type': type,
    },
    body: body && JSON.stringify(body),
    signal: AbortSignal.timeout(30_000),
  });
  if (answer.ok) return (await answer.json()) as T;
  if (answer.status === 404 || answer.status === 409) return undefined;
  const { message } = (await answer.json().catch(() => ({}))) as { message?: string };
  throw new Error(`${method} ${path}: ${message ?? answer.status}`);
}

/** Repeats what may fail for a while, such as while the API server restarts. */
export async function retry<T>(seconds: number, work: () => Promise<T>): Promise<T> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (Date.now() > end) throw error;
      await sleep(2);
    }
  }
}

interface Scale {
  readonly spec: { readonly replicas?: number };
}

interface Pod {
  readonly status: { readonly conditions?: { type: string; status: string }[] };
}

/** The StatefulSet of a store. */
export class StoreScale {
  private readonly scale: string;
  private readonly pod: string;
  private readonly store: string;

  constructor(namespace: string, store: string) {
    this.store = store;
    this.scale = `/apis/apps/v1/namespaces/${namespace}/statefulsets/${store}/scale`;
    this.pod = `/api/v1/namespaces/${namespace}/pods/${store}-0`;
  }

  async replicas(): Promise<number> {
    const found = await api<Scale>('GET', this.scale);
    if (found === undefined) throw new Error(`${this.store} is not deployed`);
    // Zero is left out.
    return found.spec.replicas ?? 0;
  }

  /** Whether it is scaled to 0 and its pod is gone. */
  async isStopped(): Promise<boolean> {
    return (await this.replicas()) === 0 && (await api<Pod>('GET', this.pod)) === undefined;
  }

  async stop(): Promise<void> {
    await this.setReplicas(0);
    // Longer than the grace period of any store.
    await retry(240, async () => {
      if (!(await this.isStopped())) throw new Error(`${this.store} does not stop`);
    });
  }

  /** Returns when it is ready; a long write-ahead log takes minutes to replay. */
  async start(): Promise<void> {
    await retry(600, () => this.setReplicas(1));
    await retry(900, async () => {
      const conditions = (await api<Pod>('GET', this.pod))?.status.conditions ?? [];
      const ready = conditions.some(({ type, status }) => type === 'Ready' && status === 'True');
      if (!ready) throw new Error(`${this.store} does not become ready`);
    });
  }

  private async setReplicas(replicas: number): Promise<void> {
    await api('PATCH', this.scale, { spec: { replicas } });
  }
}
