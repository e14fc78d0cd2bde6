import { type Attributes, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import Libsql from 'libsql';
import { attributes } from '../../lib/telemetry/app.ts';
import type { Faults } from '../faults/faults.ts';
import { DatabaseError } from '../http/problems.ts';
import type { Random } from '../simulation/random.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { schema, seed } from './schema.ts';

/** An SQL statement with the operation and table for its span and metric. */
export interface Statement {
  readonly operation: 'SELECT' | 'INSERT' | 'UPDATE' | 'DELETE';
  readonly table: string;
  readonly sql: string;
}

type Value = string | number | null;
export type Step = readonly [Statement, ...Value[]];

export interface DatabaseProps {
  /** A file, or `:memory:`. */
  readonly path: string;
  readonly metrics: Metrics;
  readonly faults: Faults;
  readonly random: Random;
}

const tracer = trace.getTracer('mantis.test-app');

/**
 * The SQL database of the shop, a local file. There is no instrumentation for this driver, so it creates
 * the spans and the metric of the semantic conventions itself
 * (https://opentelemetry.io/docs/specs/semconv/database/database-spans/).
 */
export class Database {
  private readonly driver: Libsql.Database;
  private readonly statements = new Map<string, Libsql.Statement<unknown[]>>();
  private readonly props: DatabaseProps;

  constructor(props: DatabaseProps) {
    this.props = props;
    this.driver = new Libsql(props.path);
    // Readers do not wait for writers, and a commit survives a crash of the process.
    this.driver.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
    this.driver.exec(schema);
    seed(this.driver);
  }

  /** The rows of a query. */
  all<Row>(statement: Statement, ...values: Value[]): Promise<Row[]> {
    return this.traced(statement, { [attributes.dbQueryText]: statement.sql }, () =>
      this.prepare(statement).all(values),
    ) as Promise<Row[]>;
  }

  /** The first row of a query. */
  async get<Row>(statement: Statement, ...values: Value[]): Promise<Row | undefined> {
    const [row] = await this.all<Row>(statement, ...values);
    return row;
  }

  /** Runs the steps in one transaction. */
  async write(...steps: readonly [Step, ...Step[]]): Promise<void> {
    const [[first]] = steps;
    const attributesOf: Attributes =
      steps.length === 1
        ? { [attributes.dbQueryText]: first.sql }
        : { [attributes.dbOperationBatchSize]: steps.length };
    const writeAll = this.driver.transaction(() => {
      for (const [statement, ...values] of steps) this.prepare(statement).run(values);
    });
    await this.traced(first, attributesOf, () => writeAll());
  }

  /** The first row of a query outside of requests, without a span. */
  peek<Row>(sql: string): Row | undefined {
    return this.driver.prepare(sql).get([]) as Row | undefined;
  }

  close(): void {
    this.driver.close();
  }

  private prepare({ sql }: Statement): Libsql.Statement<unknown[]> {
    const prepared = this.statements.get(sql) ?? this.driver.prepare(sql);
    this.statements.set(sql, prepared);
    return prepared;
  }

  private traced<T>(statement: Statement, more: Attributes, work: () => T): Promise<T> {
    const { metrics, faults, random } = this.props;
    const labels = {
      [attributes.dbSystemName]: 'sqlite',
      [attributes.dbOperationName]: statement.operation,
      [attributes.dbCollectionName]: statement.table,
    } as const;
    const name = `${statement.operation} ${statement.table}`;
    const spanAttributes = {
      ...labels,
      // Not `shop`: in the service graph it would be the same node as the service.
      [attributes.dbNamespace]: 'shop.db',
      [attributes.dbQuerySummary]: name,
      ...more,
    };
    const options = { kind: SpanKind.CLIENT, attributes: spanAttributes };
    return tracer.startActiveSpan(name, options, async (span) => {
      const start = performance.now();
      try {
        const slow = faults.active('slow-database');
        if (slow) await random.delay({ medianMs: slow.ms, sigma: 0.2 });
        return work();
      } catch (cause) {
        span.recordException(cause as Error);
        span.setStatus({ code: SpanStatusCode.ERROR, message: String(cause) });
        throw new DatabaseError(`the database failed to ${name}`, { cause });
      } finally {
        metrics.dbDuration.record((performance.now() - start) / 1000, labels);
        span.end();
      }
    });
  }
}
