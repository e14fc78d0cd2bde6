import type { Session } from '../../ops/cluster/session.ts';
import { forwardTo } from '../../ops/connections/endpoint-urls.ts';
import { signalOf } from '../delivery/numbered-batch.ts';
import { type Answer, Sender } from '../delivery/sender.ts';
import { GrpcSender } from './grpc-sender.ts';
import type { FuzzRequest } from './make-request.ts';

/** The senders of a run: of mutated requests over HTTP and gRPC, and of good items. */
export interface Senders {
  readonly send: (request: FuzzRequest) => Promise<Answer>;
  readonly neighbour: Sender;
}

/** Runs work with senders, then closes them. */
export async function withSenders<T>(
  session: Session,
  work: (senders: Senders) => Promise<T>,
): Promise<T> {
  const sender = new Sender(session);
  const neighbour = new Sender(session);
  const forward = await forwardTo(session, 'otlpGrpc');
  const grpc = new GrpcSender(forward.url);
  const send = ({ type, body, headers, grpc: byGrpc }: FuzzRequest) =>
    byGrpc ? grpc.post(signalOf[type], body) : sender.post(signalOf[type], body, headers);
  try {
    return await work({ send, neighbour });
  } finally {
    grpc.close();
    await Promise.all([sender.close(), neighbour.close(), forward.close()]);
  }
}
