/** A numeric option of a fault. */
interface Amount {
  readonly what: string;
  readonly fallback: number;
  readonly max: number;
}

/** A text option of a fault. */
interface Text {
  readonly what: string;
  readonly fallback: string;
  readonly choices?: readonly string[];
}

export interface Fault {
  readonly what: string;
  /** The role in which `make fault` starts it by default. */
  readonly role: 'shop' | 'orders' | 'inventory' | 'payments';
  readonly amounts: Readonly<Record<string, Amount>>;
  readonly texts: Readonly<Record<string, Text>>;
}

/** The kinds of error of the fault error-rate and of `/api/error`. */
export const errorTypes = ['validation', 'database', 'timeout', 'upstream', 'unhandled'] as const;
export type ErrorType = (typeof errorTypes)[number];

const route: Text = {
  what: 'The route, such as /api/orders/:id; all of them if empty',
  fallback: '',
};

/**
 * The faults that can be injected at run time. Each ends by itself, and each is limited so that it
 * affects only the app.
 */
export const catalogue = {
  'error-rate': {
    what: 'Requests fail',
    role: 'shop',
    amounts: { rate: { what: 'Share of the requests', fallback: 0.3, max: 1 } },
    texts: { route, type: { what: 'Kind of error', fallback: 'unhandled', choices: errorTypes } },
  },
  latency: {
    what: 'Requests are slow',
    role: 'shop',
    amounts: {
      ms: { what: 'Added milliseconds', fallback: 3000, max: 30_000 },
      rate: { what: 'Share of the requests', fallback: 1, max: 1 },
    },
    texts: { route },
  },
  'cache-off': {
    what: 'The cache is passed by',
    role: 'inventory',
    amounts: {},
    texts: {},
  },
  'provider-down': {
    what: 'The payment provider fails every call',
    role: 'payments',
    amounts: {},
    texts: {},
  },
  'slow-database': {
    what: 'Every database operation takes longer',
    role: 'orders',
    amounts: { ms: { what: 'Added milliseconds', fallback: 500, max: 30_000 } },
    texts: {},
  },
  'log-flood': {
    what: 'Lines are logged that nobody needs',
    role: 'orders',
    amounts: { perSecond: { what: 'Lines a second', fallback: 200, max: 2000 } },
    texts: {},
  },
  'memory-leak': {
    what: 'Memory is held and not given back',
    role: 'inventory',
    amounts: {
      mibPerSecond: { what: 'MiB a second', fallback: 2, max: 32 },
      capMib: { what: 'MiB at which it stops growing', fallback: 64, max: 96 },
    },
    texts: {},
  },
  'cpu-burn': {
    what: 'The processor is kept busy',
    role: 'inventory',
    amounts: { percent: { what: 'Share of one core, in percent', fallback: 60, max: 90 } },
    texts: {},
  },
} as const satisfies Record<string, Fault>;

export type FaultName = keyof typeof catalogue;
export const faultNames = Object.keys(catalogue) as FaultName[];

/** The options of one fault by name. */
export type OptionsOf<Name extends FaultName> = Readonly<
  Record<keyof (typeof catalogue)[Name]['amounts'], number> &
    Record<keyof (typeof catalogue)[Name]['texts'], string>
>;

/** The default and the maximum duration of a fault, in seconds. */
export const duration = { fallback: 300, max: 3600 };
