import { Client, credentials, Metadata, status } from '@grpc/grpc-js';
import type { Signal } from '../../lib/telemetry/signal.ts';
import { exportMethod } from '../../ops/doctor/probe/send-grpc.ts';
import type { Answer } from '../delivery/sender.ts';
import { isFullyAccepted } from '../otlp/messages.ts';

const asIs = (bytes: Buffer) => bytes;

/** Sends encoded OTLP requests over gRPC. */
export class GrpcSender {
  private readonly client: Client;

  /** @param url only its host and port are used */
  constructor(url: string) {
    this.client = new Client(new URL(url).host, credentials.createInsecure());
  }

  post(signal: Signal, body: Uint8Array): Promise<Answer> {
    return new Promise((resolve) => {
      this.client.makeUnaryRequest<Buffer, Buffer>(
        exportMethod(signal).path,
        asIs,
        asIs,
        Buffer.from(body),
        new Metadata(),
        { deadline: Date.now() + 20_000 },
        (error, response) => {
          if (error) {
            const text = `${status[error.code]}: ${error.details}`;
            resolve({ status: error.code, text, accepted: false });
          } else {
            resolve({
              status: 0,
              text: '',
              accepted: isFullyAccepted(response ?? Buffer.alloc(0)),
            });
          }
        },
      );
    });
  }

  close(): void {
    this.client.close();
  }
}
