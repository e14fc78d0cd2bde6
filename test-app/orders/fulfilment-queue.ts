import { setTimeout as sleep } from 'node:timers/promises';
import { context, propagation, ROOT_CONTEXT, SpanKind, trace } from '@opentelemetry/api';
import type { Logger } from 'winston';
import { attributes, shopAttributes } from '../../lib/telemetry/app.ts';
import type { Database, Step } from '../database/database.ts';
import type { Random } from '../simulation/random.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { type Fulfilment, Fulfilments } from './fulfilment-table.ts';
import type { Orders } from './order-table.ts';

export interface FulfilmentQueueProps {
  readonly database: Database;
  readonly orders: Orders;
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly random: Random;
}

const queue = 'fulfilments';
const tracer = trace.getTracer('mantis.test-app');

const messaging = {
  [attributes.messagingSystem]: 'sqlite',
  [attributes.messagingDestinationName]: queue,
};

/**
 * Fulfils paid orders asynchronously. The request enqueues an order; the worker processes it in a new
 * trace that is linked to the trace of the request
 * (https://opentelemetry.io/docs/specs/semconv/messaging/messaging-spans/).
 */
export class FulfilmentQueue {
  private readonly props: FulfilmentQueueProps;
  private readonly fulfilments: Fulfilments;
  private stopping = false;
  private wake: () => void = () => {};

  constructor(props: FulfilmentQueueProps) {
    this.props = props;
    this.fulfilments = new Fulfilments(props.database);
    props.metrics.gauge('queueDepth', (gauge) => gauge.observe(this.fulfilments.depth()));
  }

  /** Enqueues a paid order; `write` stores the step in the transaction of the payment. */
  async send(orderId: string, write: (step: Step) => Promise<void>): Promise<void> {
    const options = {
      kind: SpanKind.PRODUCER,
      attributes: {
        ...messaging,
        [attributes.messagingOperationName]: 'send',
        [attributes.messagingOperationType]: 'send',
        [attributes.messagingMessageId]: orderId,
      },
    };
    await tracer.startActiveSpan(`send ${queue}`, options, async (span) => {
      try {
        const carrier: { traceparent?: string } = {};
        propagation.inject(context.active(), carrier);
        await write(this.fulfilments.enqueueStep(orderId, carrier.traceparent ?? ''));
      } finally {
        span.end();
      }
    });
    this.wake();
  }

  /** Starts the worker. `stop` resolves when the current order is processed. */
  start(): { stop(): Promise<void> } {
    const running = this.work();
    return {
      stop: async () => {
        this.stopping = true;
        this.wake();
        await running;
      },
    };
  }

  private async work(): Promise<void> {
    while (!this.stopping) {
      const next = this.fulfilments.oldest();
      if (next === undefined) await this.waitForWork();
      else await this.process(next);
    }
  }

  private waitForWork(): Promise<void> {
    return new Promise((resolve) => {
      this.wake = resolve;
    });
  }

  private async process(fulfilment: Fulfilment): Promise<void> {
    const { database, orders, metrics, logger, random } = this.props;
    const { orderId } = fulfilment;
    const options = {
      kind: SpanKind.CONSUMER,
      root: true,
      links: linksTo(fulfilment.traceparent),
      attributes: {
        ...messaging,
        [attributes.messagingOperationName]: 'process',
        [attributes.messagingOperationType]: 'process',
        [attributes.messagingMessageId]: orderId,
        [shopAttributes.orderId]: orderId,
      },
    };
    await tracer.startActiveSpan(`process ${queue}`, options, async (span) => {
      const start = performance.now();
      try {
        await random.delay({ medianMs: 60, sigma: 0.6 });
        const sent = orders.statusChange(orderId, 'fulfilled');
        await database.write(sent, this.fulfilments.removeStep(fulfilment));
        logger.info('order fulfilled', { [shopAttributes.orderId]: orderId });
      } catch (err) {
        // It stays in the queue and is retried after a pause.
        logger.error('order not fulfilled', { err, [shopAttributes.orderId]: orderId });
        await sleep(1000);
      } finally {
        metrics.processDuration.record((performance.now() - start) / 1000, messaging);
        span.end();
      }
    });
  }
}

/** A link to the span that enqueued the order. Not its parent: the request has ended. */
function linksTo(traceparent: string) {
  const sender = trace.getSpanContext(propagation.extract(ROOT_CONTEXT, { traceparent }));
  return sender === undefined ? [] : [{ context: sender }];
}
