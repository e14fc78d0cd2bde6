import { z } from 'zod';
import { labelKeys } from '../../lib/model/labels.ts';
import { servicesOf, type TestAppServiceName } from '../../lib/model/ports.ts';
import { adminPort } from '../../lib/test-app/test-app.ts';
import {
  catalogue,
  type Fault,
  type FaultName,
  faultNames,
} from '../../test-app/faults/catalogue.ts';
import { cliOptions, kubectlList, type Target } from '../cluster/kubectl.ts';
import { isPodReady, podSchema } from '../cluster/pods.ts';
import type { Session } from '../cluster/session.ts';
import { forward } from '../connections/port-forward.ts';
import { parseSeconds } from '../process/duration.ts';
import { UserError } from '../process/errors.ts';
import { formatTable, print } from '../process/output.ts';
import { fetchJson, HttpError } from '../stores/http.ts';

const roles = servicesOf('testApp');

const faultsSchema = z.object({
  active: z.array(
    z.object({
      name: z.string(),
      options: z.record(z.string(), z.union([z.string(), z.number()])),
      endsInSeconds: z.number(),
    }),
  ),
});

type ActiveFault = z.output<typeof faultsSchema>['active'][number];

export interface StartFaultOptions {
  readonly for: string;
  /** @default - the fault's default role */
  readonly role?: string;
  readonly options: readonly string[];
}

/** `make fault`: starts a fault in every pod of one role of the test app, for a limited time. */
export async function startFault(
  { target }: Session,
  name: string,
  { for: duration, role, options }: StartFaultOptions,
): Promise<void> {
  const known = faultNames.find((each) => each === name);
  if (known === undefined)
    throw new UserError(`the name of the fault must be one of\n${faultTable()}`);
  const body = { for: parseSeconds('--for', duration), ...parseFaultOptions(options) };
  for (const pod of await readyPods(target, [parseRole(known, role)])) {
    await callFaultApi(target, pod, `/${known}`, { method: 'PUT', body });
    print(`${known} is active in ${pod} for ${body.for} s; ./mantis fault clear ends it`);
  }
}

/** `./mantis fault list`: prints the active faults and the available ones. */
export async function listFaults({ target }: Session): Promise<void> {
  const rows: string[][] = [];
  for (const pod of await readyPods(target, roles)) {
    const { active } = await callFaultApi(target, pod, '');
    rows.push(...active.map((fault) => faultRow(pod, fault)));
  }
  if (rows.length === 0) print('no fault is active\n');
  else print(`${formatTable([['ACTIVE FAULT', 'POD', 'ENDS IN', 'OPTIONS'], ...rows])}\n`);
  print(faultTable());
}

export async function endFault({ target }: Session, name: FaultName, role?: string): Promise<void> {
  for (const pod of await readyPods(target, [parseRole(name, role)])) {
    await callFaultApi(target, pod, `/${name}`, { method: 'DELETE' });
  }
}

/** `./mantis fault clear`: ends every fault in every pod. */
export async function clearFaults({ target }: Session): Promise<void> {
  for (const pod of await readyPods(target, roles)) {
    await callFaultApi(target, pod, '', { method: 'DELETE' });
  }
  print('no fault is active');
}

function faultRow(pod: string, { name, options, endsInSeconds }: ActiveFault): string[] {
  const pairs = Object.entries(options).map(([key, value]) => `${key}=${value}`);
  return [name, pod, `${endsInSeconds} s`, pairs.join(' ')];
}

export function faultTable(): string {
  const rows = faultNames.map((name) => {
    const { description, role, numbers, strings }: Fault = catalogue[name];
    const all = [...Object.entries(numbers), ...Object.entries(strings)];
    const options = all.map(([key, option]) => `${key}=${option.default}`).join(' ');
    return [name, role, description, options];
  });
  return formatTable([['FAULT', 'ROLE', '', 'OPTIONS'], ...rows]);
}

export function parseRole(name: FaultName, wanted: string | undefined): TestAppServiceName {
  const role = wanted || catalogue[name].role;
  const known = roles.find((each) => each === role);
  if (known === undefined) {
    throw new UserError(`--role must be one of ${roles.join(', ')}, got "${role}"`);
  }
  return known;
}

/** Parses options such as `rate=0.5`; the app validates them. */
export function parseFaultOptions(pairs: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const [, key, value] = /^([a-zA-Z]+)=(.*)$/.exec(pair) ?? [];
      if (key === undefined || value === undefined) {
        throw new UserError(`options must be pairs such as rate=0.5, got "${pair}"`);
      }
      return [key, value];
    }),
  );
}

async function readyPods(target: Target, wanted: readonly TestAppServiceName[]): Promise<string[]> {
  const selector = `--selector=${labelKeys.name} in (${wanted.join(',')})`;
  const pods = await kubectlList(target, podSchema, ['get', 'pods', selector]);
  const ready = pods.filter(
    (pod) => isPodReady(pod) && pod.metadata.deletionTimestamp === undefined,
  );
  if (ready.length > 0) return ready.map(({ metadata }) => metadata.name);
  throw new UserError(
    `no pod of ${wanted.join(', ')} is ready in namespace ${target.namespace}: see ./mantis status ${cliOptions(target)}`,
  );
}

async function callFaultApi(
  target: Target,
  pod: string,
  path: string,
  request: { method?: 'PUT' | 'DELETE'; body?: unknown } = {},
) {
  const connection = await forward(target, { resource: `pod/${pod}`, remotePort: adminPort });
  try {
    return await fetchJson(connection.url, `/faults${path}`, faultsSchema, request);
  } catch (error) {
    throw error instanceof HttpError && error.status === 400 ? rejectedFault(error) : error;
  } finally {
    await connection.close();
  }
}

function rejectedFault({ body }: HttpError): UserError {
  const { error } = z.object({ error: z.string() }).parse(JSON.parse(body));
  return new UserError(`the test app rejected the fault: ${error}`);
}
