/** A numeric option of a fault. */
interface NumberOption {
  readonly description: string;
  readonly default: number;
  readonly max: number;
}

/** A string option of a fault. */
interface StringOption {
  readonly description: string;
  readonly default: string;
  readonly choices?: readonly string[];
}

export interface Fault {
  readonly description: string;
  /** The role in which `make fault` starts it by default. */
  readonly role: 'shop' | 'orders' | 'inventory' | 'payments';
  readonly numbers: Readonly<Record<string, NumberOption>>;
  readonly strings: Readonly<Record<string, StringOption>>;
}

/** The kinds of error of the fault error-rate and of `/api/error`. */
export const errorTypes = ['validation', 'database', 'timeout', 'upstream', 'unhandled'] as const;
export type ErrorType = (typeof errorTypes)[number];

const route: StringOption = {
  description: 'The route, such as /api/orders/:id; all of them if empty',
  default: '',
};

/**
 * The faults that can be injected at run time. Each ends by itself, and each is limited so that it
 * affects only the app.
 */
export const catalogue = {
  'error-rate': {
    description: 'Requests fail',
    role: 'shop',
    numbers: { rate: { description: 'Share of the requests', default: 0.3, max: 1 } },
    strings: {
      route,
      type: { description: 'Kind of error', default: 'unhandled', choices: errorTypes },
    },
  },
  latency: {
    description: 'Requests are slow',
    role: 'shop',
    numbers: {
      ms: { description: 'Added milliseconds', default: 3000, max: 30_000 },
      rate: { description: 'Share of the requests', default: 1, max: 1 },
    },
    strings: { route },
  },
  'cache-off': {
    description: 'The cache is bypassed',
    role: 'inventory',
    numbers: {},
    strings: {},
  },
  'provider-down': {
    description: 'The payment provider fails every call',
    role: 'payments',
    numbers: {},
    strings: {},
  },
  'slow-database': {
    description: 'Every database operation takes longer',
    role: 'orders',
    numbers: { ms: { description: 'Added milliseconds', default: 500, max: 30_000 } },
    strings: {},
  },
  'log-flood': {
    description: 'Logs a flood of lines',
    role: 'orders',
    numbers: { perSecond: { description: 'Lines a second', default: 200, max: 2000 } },
    strings: {},
  },
  'memory-leak': {
    description: 'Leaks memory',
    role: 'inventory',
    numbers: {
      mibPerSecond: { description: 'MiB a second', default: 2, max: 32 },
      capMib: { description: 'MiB at which it stops growing', default: 64, max: 96 },
    },
    strings: {},
  },
  'cpu-burn': {
    description: 'The processor is kept busy',
    role: 'inventory',
    numbers: { percent: { description: 'Share of one core, in percent', default: 60, max: 90 } },
    strings: {},
  },
} as const satisfies Record<string, Fault>;

export type FaultName = keyof typeof catalogue;
export const faultNames = Object.keys(catalogue) as FaultName[];

/** The options of one fault by name. */
export type OptionsOf<Name extends FaultName> = Readonly<
  Record<keyof (typeof catalogue)[Name]['numbers'], number> &
    Record<keyof (typeof catalogue)[Name]['strings'], string>
>;

/** The default and the maximum duration of a fault, in seconds. */
export const duration = { default: 300, max: 3600 };
