import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  Server as GrpcServer,
  ServerCredentials,
  type ServerUnaryCall,
  type sendUnaryData,
  status,
} from '@grpc/grpc-js';
import { doctorEdgesOf } from '../../../lib/model/topology.ts';
import { type Signal, signals } from '../../../lib/telemetry/signal.ts';
import { defaultSettings } from '../../../settings/load.ts';
import { signalStores } from '../../stores/stores.ts';
import type { CheckedEndpoint, Connection, StackAccess } from '../model/access.ts';
import type { Protocol } from '../probe/probe-item.ts';
import { exportMethod } from '../probe/send-grpc.ts';
import { collectorPageOf, respondAs, storePageOf } from './fake-stores.ts';
import type { Fault, ReceivedItem, StackState } from './fault.ts';

export const login = { user: 'admin', password: 'secret' };

/** All endpoints that the doctor uses, in one process. */
export class FakeStack implements StackState {
  readonly fault: Fault;
  readonly stored: Record<Signal, ReceivedItem[]> = { metrics: [], logs: [], traces: [] };
  readonly accepted = { metrics: zeroCounts(), logs: zeroCounts(), traces: zeroCounts() };
  readonly sent: Record<Signal, number> = { metrics: 0, logs: 0, traces: 0 };
  pagesRead = 0;
  private readonly http: Server;
  private readonly grpc = new GrpcServer();
  private grpcPort = 0;

  constructor(fault: Fault = {}) {
    this.fault = fault;
    this.http = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const url = new URL(request.url ?? '/', 'http://fake');
        const body = Buffer.concat(chunks).toString();
        const { code, text } = this.respond(url, body);
        const date = new Date(Date.now() + (fault.clockSeconds ?? 0) * 1000);
        response.writeHead(code, { date: date.toUTCString() }).end(text);
      });
    });
    for (const signal of signals) {
      const method = exportMethod(signal);
      this.grpc.addService(
        { export: method },
        {
          export: (call: ServerUnaryCall<object, object>, reply: sendUnaryData<object>): void => {
            if (fault.collector?.refuses) {
              reply({ code: status.UNAVAILABLE, details: 'data refused due to high memory usage' });
              return;
            }
            this.receive(signal, 'grpc', call.request);
            reply(null, this.response());
          },
        },
      );
    }
  }

  async start(): Promise<StackAccess> {
    await new Promise<void>((done) => this.http.listen(0, '127.0.0.1', done));
    this.grpcPort = await new Promise<number>((resolve, reject) =>
      this.grpc.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) =>
        error ? reject(error) : resolve(port),
      ),
    );
    const endpoints = doctorEdgesOf(defaultSettings()).map(({ to }) => to);
    const connections = Object.fromEntries(
      (['otel-collector', ...endpoints] as const).map((each) => [each, this.connection(each)]),
    );
    // Generous, so that a slow response of a busy machine is no failure.
    return {
      from: 'outside',
      connections,
      externalStores: {},
      grafanaLogin: login,
      timeoutSeconds: 3,
      requestTimeoutMs: 20_000,
    };
  }

  async stop(): Promise<void> {
    this.grpc.forceShutdown();
    this.http.closeAllConnections();
    await new Promise((done) => this.http.close(done));
  }

  private connection(endpoint: CheckedEndpoint): Connection {
    // Nothing listens on port 1.
    if (this.fault.unreachable?.includes(endpoint)) return { url: 'http://127.0.0.1:1' };
    const { port } = this.http.address() as AddressInfo;
    if (endpoint === 'otlpGrpc') return { url: `http://127.0.0.1:${this.grpcPort}` };
    return { url: `http://127.0.0.1:${port}/${endpoint}` };
  }

  private respond(url: URL, body: string): { code: number; text: string } {
    const [, endpoint = '', path = ''] = /^\/([^/]+)(\/.*)$/.exec(url.pathname) ?? [];
    if (endpoint === this.fault.notReady) return { code: 503, text: 'not ready: waiting' };
    if (endpoint === 'otlpHttp') return this.otlp(path.replace('/v1/', '') as Signal, body);
    if (path === '/metrics') {
      this.pagesRead += 1;
      const page =
        endpoint === 'collectorMetrics' ? collectorPageOf(this) : storePageOf(this, endpoint);
      return { code: 200, text: page };
    }
    return respondAs(this, endpoint, path, url.searchParams);
  }

  private otlp(signal: Signal, body: string) {
    if (this.fault.collector?.refuses) return { code: 503, text: 'data refused' };
    this.receive(signal, 'http', JSON.parse(body));
    return { code: 200, text: JSON.stringify(this.response()) };
  }

  private response(): object {
    return this.fault.collector?.rejects
      ? { partialSuccess: { rejected: 1, errorMessage: 'too old' } }
      : {};
  }

  private receive(signal: Signal, protocol: Protocol, request: object): void {
    const { collector, doesNotStore } = this.fault;
    if (!collector?.doesNotCount) this.accepted[signal][protocol] += 1;
    if (collector?.doesNotExport === signal) return;
    this.sent[signal] += 1;
    if (doesNotStore !== signalStores[signal].name) this.stored[signal].push({ protocol, request });
  }
}

function zeroCounts(): Record<Protocol, number> {
  return { grpc: 0, http: 0 };
}
