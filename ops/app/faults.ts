import { z } from 'zod';
import { labelKeys } from '../../lib/model/labels.ts';
import { type TestAppComponent, testAppComponents } from '../../lib/model/topology.ts';
import { adminPort } from '../../lib/test-app/test-app.ts';
import {
  catalogue,
  type Fault,
  type FaultName,
  faultNames,
} from '../../test-app/faults/catalogue.ts';
import { kubectlJson, type Target } from '../cluster/kubectl.ts';
import { isPodReady, podSchema } from '../cluster/pods.ts';
import type { Session } from '../cluster/session.ts';
import { forward } from '../connections/port-forward.ts';
import { UserError } from '../process/errors.ts';
import { say, table } from '../process/output.ts';
import { seconds } from '../process/seconds.ts';
import { fetchJson, HttpError } from '../stores/http.ts';

const answerSchema = z.object({
  active: z.array(
    z.object({
      name: z.string(),
      options: z.record(z.string(), z.union([z.string(), z.number()])),
      endsInSeconds: z.number(),
    }),
  ),
});

type ActiveFault = z.output<typeof answerSchema>['active'][number];

export interface StartFaultOptions {
  /** How long, such as 90s or 5m. */
  readonly for: string;
  /** @default - the role that shows this fault best */
  readonly role?: string;
  /** What the fault is told, as `name=value`. */
  readonly options: readonly string[];
}

/** Switches a fault of the test app on, in every pod of one role; it ends by itself. */
export async function startFault(
  { target }: Session,
  name: string,
  { for: duration, role, options }: StartFaultOptions,
): Promise<void> {
  const known = faultNames.find((each) => each === name);
  if (known === undefined) throw new UserError(`NAME must be one of\n${faultTable()}`);
  const body = { for: seconds('FOR', duration), ...optionsOf(options) };
  const where = roleOf(known, role);
  for (const pod of await podsOf(target, [where])) {
    await ask(target, pod, `/${known}`, { method: 'PUT', body });
    say(`${known} is on in ${pod} for ${body.for} s; ./mantis fault clear ends it sooner`);
  }
}

/** Prints the faults that are on, and those that there are. */
export async function listFaults({ target }: Session): Promise<void> {
  const rows: string[][] = [];
  for (const pod of await podsOf(target, testAppComponents)) {
    const { active } = await ask(target, pod, '');
    rows.push(...active.map((fault) => row(pod, fault)));
  }
  if (rows.length === 0) say('no fault is on\n');
  else say(`${table([['ON', 'POD', 'ENDS IN', 'OPTIONS'], ...rows])}\n`);
  say(faultTable());
}

/** Ends one fault in every pod of a role. */
export async function endFault({ target }: Session, name: FaultName, role?: string): Promise<void> {
  for (const pod of await podsOf(target, [roleOf(name, role)])) {
    await ask(target, pod, `/${name}`, { method: 'DELETE' });
  }
}

/** Ends all faults in all pods. */
export async function clearFaults({ target }: Session): Promise<void> {
  for (const pod of await podsOf(target, testAppComponents)) {
    await ask(target, pod, '', { method: 'DELETE' });
  }
  say('no fault is on');
}

function row(pod: string, { name, options, endsInSeconds }: ActiveFault): string[] {
  const told = Object.entries(options).map(([key, value]) => `${key}=${value}`);
  return [name, pod, `${endsInSeconds} s`, told.join(' ')];
}

/** What can be broken, where, and what each fault can be told. */
export function faultTable(): string {
  const rows = faultNames.map((name) => {
    const { what, role, amounts, texts }: Fault = catalogue[name];
    const told = [...Object.entries(amounts), ...Object.entries(texts)];
    const options = told.map(([key, { fallback }]) => `${key}=${fallback}`).join(' ');
    return [name, role, what, options];
  });
  return table([['FAULT', 'ROLE', '', 'OPTIONS'], ...rows]);
}

export function roleOf(name: FaultName, wanted: string | undefined): TestAppComponent {
  const role = wanted || catalogue[name].role;
  const known = testAppComponents.find((each) => each === role);
  if (known === undefined) {
    throw new UserError(`ROLE must be one of ${testAppComponents.join(', ')}, got "${role}"`);
  }
  return known;
}

/** `rate=0.5` and the like; whether the fault knows them is for the app to say. */
export function optionsOf(pairs: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const [, key, value] = /^([a-zA-Z]+)=(.*)$/.exec(pair) ?? [];
      if (key === undefined || value === undefined) {
        throw new UserError(`OPTIONS must be pairs such as rate=0.5, got "${pair}"`);
      }
      return [key, value];
    }),
  );
}

const listSchema = z.object({ items: z.array(podSchema) });

async function podsOf(target: Target, roles: readonly TestAppComponent[]): Promise<string[]> {
  const selector = `--selector=${labelKeys.name} in (${roles.join(',')})`;
  const { items } = await kubectlJson(target, listSchema, ['get', 'pods', selector]);
  const ready = items.filter(
    (pod) => isPodReady(pod) && pod.metadata.deletionTimestamp === undefined,
  );
  if (ready.length > 0) return ready.map(({ metadata }) => metadata.name);
  throw new UserError(
    `no pod of ${roles.join(', ')} is ready in namespace ${target.namespace}: ./mantis status says why`,
  );
}

async function ask(
  target: Target,
  pod: string,
  path: string,
  request: { method?: 'PUT' | 'DELETE'; body?: unknown } = {},
) {
  const connection = await forward(target, { resource: `pod/${pod}`, remotePort: adminPort });
  try {
    return await fetchJson(connection.url, `/faults${path}`, answerSchema, request);
  } catch (error) {
    throw error instanceof HttpError && error.status === 400 ? refusal(error) : error;
  } finally {
    await connection.close();
  }
}

function refusal({ body }: HttpError): UserError {
  const { error } = z.object({ error: z.string() }).parse(JSON.parse(body));
  return new UserError(`the fault was refused: ${error}`);
}
