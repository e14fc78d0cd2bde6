import { logLevels } from '../telemetry/logger.ts';
import { readDashboards } from './dashboards.ts';
import {
  type Environment,
  readChoice,
  readInteger,
  readNumber,
  readPort,
  readUrl,
} from './environment.ts';

/** The services of the shop; `all` runs them in one process. */
export const roleNames = ['shop', 'orders', 'inventory', 'payments'] as const;
export type RoleName = (typeof roleNames)[number];

interface Variable<T> {
  /** Description for the documentation. */
  readonly what: string;
  /** Default for the documentation. */
  readonly fallback: string;
  read(env: Environment, name: string): T;
}

const define = <T>(variable: Variable<T>) => variable;

const peer = (role: RoleName, user: RoleName) =>
  define({
    what: `Base URL of the ${role} service`,
    fallback: `none: ${user} needs it`,
    read: (env, name) => readUrl(env, name, `http://${role}:5000`),
  });

/**
 * The environment variables of the app; docs/configuration.md is generated from them. The SDK reads the
 * OTEL_* variables itself.
 */
export const variables = {
  ROLE: define({
    what: `Role of this process: ${roleNames.join(', ')}; or all, for every role in one process`,
    fallback: 'shop',
    read: (env, name) => readChoice(env, name, [...roleNames, 'all'] as const, 'shop'),
  }),
  PORT: define({
    what: 'Port to listen on; 0 for any free port. With ROLE=all, the first of consecutive ports',
    fallback: '5000',
    read: (env, name) => readPort(env, name, 5000),
  }),
  ADMIN_PORT: define({
    what: 'Port of the fault API, on 127.0.0.1 only; 0 for any free port',
    fallback: '5900',
    read: (env, name) => readPort(env, name, 5900),
  }),
  LOG_LEVEL: define({
    what: `The minimum severity of log lines: ${logLevels.join(', ')}`,
    fallback: 'debug',
    read: (env, name) => readChoice(env, name, logLevels, 'debug'),
  }),
  ORDERS_URL: peer('orders', 'shop'),
  INVENTORY_URL: peer('inventory', 'shop'),
  PAYMENTS_URL: peer('payments', 'orders'),
  DATABASE: define({
    what: 'File of the database of the orders role; :memory: keeps it in memory',
    fallback: ':memory:',
    read: (env) => env.DATABASE ?? ':memory:',
  }),
  GRAFANA_URL: define({
    what: 'Base URL of the links to Grafana on the homepage',
    fallback: 'http://localhost:3000',
    read: (env, name) =>
      readUrl(env, name, 'http://localhost:3000', 'http://localhost:3000').href.replace(/\/$/, ''),
  }),
  DASHBOARDS: define({
    what: 'Dashboards that the homepage links to: a JSON list of objects with uid, title and description',
    fallback: 'none',
    read: readDashboards,
  }),
  FAULT_SWITCHES: define({
    what: 'Switches on the homepage that start the faults of this process: true or false. Everyone who opens the page can use them',
    fallback: 'false',
    read: (env, name) => readChoice(env, name, ['true', 'false'] as const, 'false') === 'true',
  }),
  SEED: define({
    what: 'Seed of the simulated delays and failures; the same seed gives the same sequence',
    fallback: 'random',
    read: (env, name) =>
      env[name] === undefined
        ? undefined
        : readInteger(env, name, { min: 0, max: 2 ** 31, fallback: 0, what: 'a whole number' }),
  }),
  DELAY_FACTOR: define({
    what: 'Factor for all simulated delays; 0 disables them',
    fallback: '1',
    read: (env, name) => readNumber(env, name, { max: 100, fallback: 1 }),
  }),
  CACHE_SIZE: define({
    what: 'Maximum number of entries in the cache of the inventory role',
    fallback: '12',
    read: (env, name) =>
      readInteger(env, name, { min: 1, max: 10_000, fallback: 12, what: 'a whole number' }),
  }),
  DRAIN_SECONDS: define({
    what: 'Seconds for which a process still accepts requests after SIGTERM, while its endpoint is being removed',
    fallback: '0',
    read: (env, name) =>
      readInteger(env, name, { min: 0, max: 60, fallback: 0, what: 'a whole number' }),
  }),
};

/** Reads a variable or its default. @throws EnvironmentError */
export type Reader = <Name extends keyof typeof variables>(
  name: Name,
) => ReturnType<(typeof variables)[Name]['read']>;

export function readerOf(env: Environment): Reader {
  return (name) => variables[name].read(env, name) as never;
}
