import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  Server as GrpcServer,
  ServerCredentials,
  type ServerUnaryCall,
  type sendUnaryData,
  status,
} from '@grpc/grpc-js';
import { type Component, enabledServices } from '../../../lib/model/topology.ts';
import { defaultSettings } from '../../../settings/load.ts';
import type { Connection, Place, Reach } from '../model/reach.ts';
import { asked } from '../model/reach.ts';
import { type Protocol, type Signal, signals } from '../probe/mark.ts';
import { exportMethod } from '../probe/send-grpc.ts';
import { paths } from '../probe/signal.ts';
import { collectorPageOf, storePageOf } from './fake-pages.ts';
import { answerOf, type Item } from './fake-stores.ts';

/** What is wrong with a stack. */
export interface Fault {
  /** Nobody listens there. */
  readonly away?: readonly Place[];
  /** It listens and says that it is not ready. */
  readonly unready?: Component;
  readonly collector?: {
    readonly refuses?: true;
    /** Takes a request and says that it rejected what was in it. */
    readonly rejects?: true;
    /** Acknowledges, but its counters do not move. */
    readonly countsNothing?: true;
    /** The exporter of this signal hands nothing on. */
    readonly keeps?: Signal;
    readonly lacksExporter?: Signal;
    /** Share of every queue that is used. */
    readonly queue?: number;
    readonly lostBefore?: number;
    readonly losesNow?: true;
  };
  /** Takes telemetry and never shows it. */
  readonly forgets?: Component;
  /** Finds traces by id, but not by search. */
  readonly hidesFromSearch?: true;
  readonly discards?: 'prometheus' | 'loki' | 'tempo';
  readonly grafana?: {
    readonly refusesLogin?: true;
    /** The datasource is not there. */
    readonly lacks?: string;
    /** The datasource leads to nobody. */
    readonly misled?: string;
    /** The datasource leads to another store, which is well. */
    readonly elsewhere?: string;
  };
  readonly targetDown?: string;
  readonly notScraped?: string;
  readonly annotatedPodDown?: true;
  readonly ruleError?: true;
  readonly ruleMissing?: true;
  readonly volume?: number;
  readonly clockSeconds?: number;
}

export const login = { user: 'admin', password: 'secret' };

/** Everything that the doctor asks, in one process. */
export class FakeStack {
  readonly illness: Fault;
  readonly stored: Record<Signal, Item[]> = { metrics: [], logs: [], traces: [] };
  readonly accepted = { metrics: counts(), logs: counts(), traces: counts() };
  readonly sent: Record<Signal, number> = { metrics: 0, logs: 0, traces: 0 };
  pagesRead = 0;
  private readonly http: Server;
  private readonly grpc = new GrpcServer();
  private grpcPort = 0;

  constructor(illness: Fault = {}) {
    this.illness = illness;
    this.http = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const url = new URL(request.url ?? '/', 'http://fake');
        const body = Buffer.concat(chunks).toString();
        const { code, text } = this.answer(url, body);
        const date = new Date(Date.now() + (illness.clockSeconds ?? 0) * 1000);
        response.writeHead(code, { date: date.toUTCString() }).end(text);
      });
    });
    for (const signal of signals) {
      const method = exportMethod(signal);
      this.grpc.addService(
        { export: method },
        {
          export: (call: ServerUnaryCall<object, object>, reply: sendUnaryData<object>): void => {
            if (illness.collector?.refuses) {
              reply({ code: status.UNAVAILABLE, details: 'data refused due to high memory usage' });
              return;
            }
            this.take(signal, 'grpc', call.request);
            reply(null, this.response());
          },
        },
      );
    }
  }

  async start(): Promise<Reach> {
    await new Promise<void>((done) => this.http.listen(0, '127.0.0.1', done));
    this.grpcPort = await new Promise<number>((resolve, reject) =>
      this.grpc.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) =>
        error ? reject(error) : resolve(port),
      ),
    );
    const places = [...enabledServices(defaultSettings()), ...asked];
    const connections = Object.fromEntries(places.map((place) => [place, this.connection(place)]));
    // A busy machine answers late, and must not be taken for a broken hop.
    return { from: 'outside', connections, login, timeoutSeconds: 3, answerSeconds: 20 };
  }

  async stop(): Promise<void> {
    this.grpc.forceShutdown();
    this.http.closeAllConnections();
    await new Promise((done) => this.http.close(done));
  }

  private connection(place: Place): Connection {
    // Nobody listens on port 1.
    if (this.illness.away?.includes(place)) return { url: 'http://127.0.0.1:1' };
    const { port } = this.http.address() as AddressInfo;
    if (place === 'otlpGrpc') return { url: `http://127.0.0.1:${this.grpcPort}` };
    return { url: `http://127.0.0.1:${port}/${place}` };
  }

  private answer(url: URL, body: string): { code: number; text: string } {
    const [, place = '', path = ''] = /^\/([^/]+)(\/.*)$/.exec(url.pathname) ?? [];
    if (place === this.illness.unready) return { code: 503, text: 'not ready: waiting' };
    if (place === 'otlpHttp') return this.otlp(path.replace('/v1/', '') as Signal, body);
    if (path === '/metrics') {
      this.pagesRead += 1;
      const page = place === 'collectorMetrics' ? collectorPageOf(this) : storePageOf(this, place);
      return { code: 200, text: page };
    }
    return answerOf(this, place, path, url.searchParams);
  }

  private otlp(signal: Signal, body: string) {
    if (this.illness.collector?.refuses) return { code: 503, text: 'data refused' };
    this.take(signal, 'http', JSON.parse(body));
    return { code: 200, text: JSON.stringify(this.response()) };
  }

  private response(): object {
    return this.illness.collector?.rejects
      ? { partialSuccess: { rejected: 1, errorMessage: 'too old' } }
      : {};
  }

  private take(signal: Signal, protocol: Protocol, request: object): void {
    const { collector, forgets } = this.illness;
    if (!collector?.countsNothing) this.accepted[signal][protocol] += 1;
    if (collector?.keeps === signal) return;
    this.sent[signal] += 1;
    if (forgets !== paths[signal].store) this.stored[signal].push({ protocol, request });
  }
}

function counts(): Record<Protocol, number> {
  return { grpc: 0, http: 0 };
}
