import { createSocket } from 'node:dgram';
import { request } from 'node:https';
import { createConnection, isIP } from 'node:net';
import { connect, type SecureContextOptions, type TLSSocket } from 'node:tls';
import { Client, credentials, Metadata, status } from '@grpc/grpc-js';
import { z } from 'zod';
import type { Signal } from '../../lib/telemetry/signal.ts';
import { kubectlJson } from '../../ops/cluster/kubectl.ts';
import { exportMethod } from '../../ops/doctor/probe/send-grpc.ts';
import { session } from './cluster.ts';
import { externalHost, type KeyPair } from './external-authority.ts';

const { target } = session;

const nodes = z.object({
  items: z.array(
    z.object({
      status: z.object({ addresses: z.array(z.object({ type: z.string(), address: z.string() })) }),
    }),
  ),
});

/** The address of a node, at which this machine, which is no pod, reaches node ports. */
export async function nodeAddress(): Promise<string> {
  const { items } = await kubectlJson(target, nodes, ['get', 'nodes']);
  const addresses = items.flatMap(({ status: { addresses } }) => addresses);
  const found = addresses.find(({ type }) => type === 'InternalIP');
  if (found === undefined) throw new Error('no node has an address');
  return found.address;
}

/** The address that this machine has for `peer`; nothing is sent. */
export function ownAddress(peer: string): Promise<string> {
  const socket = createSocket(isIP(peer) === 6 ? 'udp6' : 'udp4');
  return new Promise((resolve) => {
    socket.connect(9, peer, () => {
      resolve(socket.address().address);
      socket.close();
    });
  });
}

/** A machine outside the cluster, and what it knows. */
export interface ExternalSender {
  readonly address: string;
  readonly ports: { readonly grpc: number; readonly http: number };
  readonly ca: string;
  readonly authorization?: string;
  readonly client?: KeyPair;
}

const tlsOptions = ({ ca, client }: ExternalSender): SecureContextOptions => ({ ca, ...client });

/** Sends by OTLP over HTTP, on a connection of its own. @returns the status and the body */
export function sendHttp(
  sender: ExternalSender,
  signal: Signal,
  body: object | string,
): Promise<{ readonly status: number; readonly text: string }> {
  const { address, ports, authorization } = sender;
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        ...tlsOptions(sender),
        host: address,
        port: ports.http,
        servername: externalHost,
        path: `/v1/${signal}`,
        method: 'POST',
        agent: false,
        timeout: 20_000,
        headers: {
          host: externalHost,
          'content-type': 'application/json',
          ...(authorization !== undefined && { authorization }),
        },
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (part: string) => {
          text += part;
        });
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
      },
    );
    sent.on('error', reject);
    sent.on('timeout', () => sent.destroy(new Error('timeout')));
    sent.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
}

/** Sends by OTLP over gRPC. @returns the name of the status, and its text */
export async function sendGrpc(
  sender: ExternalSender,
  signal: Signal,
  body: object,
): Promise<string> {
  const { address, ports, authorization, ca, client: pair } = sender;
  const pem = (text?: string) => (text === undefined ? null : Buffer.from(text));
  const channel = credentials.createSsl(pem(ca), pem(pair?.key), pem(pair?.cert));
  const client = new Client(`${address}:${ports.grpc}`, channel, {
    'grpc.ssl_target_name_override': externalHost,
    'grpc.default_authority': externalHost,
  });
  const metadata = new Metadata();
  if (authorization !== undefined) metadata.set('authorization', authorization);
  const { path, requestSerialize, responseDeserialize } = exportMethod(signal);
  try {
    return await new Promise<string>((resolve) => {
      client.makeUnaryRequest<object, object>(
        path,
        requestSerialize,
        responseDeserialize,
        body,
        metadata,
        { deadline: Date.now() + 20_000 },
        (error) => resolve(error ? `${status[error.code]}: ${error.details}` : 'OK'),
      );
    });
  } finally {
    client.close();
  }
}

/** The serial number of the certificate that the collector shows. */
export function shownSerial(sender: ExternalSender): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket: TLSSocket = connect(
      {
        ...tlsOptions(sender),
        host: sender.address,
        port: sender.ports.http,
        servername: externalHost,
      },
      () => {
        resolve(socket.getPeerCertificate().serialNumber);
        socket.end();
      },
    );
    socket.on('error', reject);
  });
}

/** The block with nothing but an address. */
export const onlyAddress = (address: string) => `${address}/${isIP(address) === 6 ? 128 : 32}`;

/** Begins HTTP/2 without TLS, as gRPC does. @returns what the server does */
export function sendPlain(host: string, port: number): Promise<'answered' | 'closed'> {
  return new Promise((resolve) => {
    const socket = createConnection({ host, port }, () => {
      socket.write('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
    });
    let answer = '';
    socket.on('data', (data) => {
      answer += data.toString('latin1');
    });
    // A server that speaks HTTP/2 sends its settings first.
    const end = () => resolve(answer.startsWith('\0\0') ? 'answered' : 'closed');
    socket.on('close', end);
    socket.on('error', end);
    socket.setTimeout(10_000, () => resolve('answered'));
  });
}
