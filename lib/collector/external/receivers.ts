import type { Size } from 'cdk8s';
import type { ConfigObject } from '../../model/config-file.ts';
import { ports } from '../../model/ports.ts';
import { acceptsCredentials } from '../../model/topology.ts';
import { secretFile } from '../../settings/common.ts';
import { literal } from '../ottl/ottl.ts';
import { bearerToken } from './bearer-token.ts';
import type { ExternalAccess } from './settings.ts';

const { externalGrpc, externalHttp, browserHttp } = ports['otel-collector'];

/** Changed certificates are in use after this time, and the kubelet's up to a minute or two. */
const reloadInterval = '10s';

/** An expression of OTTL for the name of a sender, from what its receiver has authenticated. */
type SenderExpression = string;

interface Authentication {
  /** @default - the certificate of the client is the credential */
  readonly extension?: { readonly name: string; readonly config: ConfigObject };
  readonly sender: SenderExpression;
}

/**
 * A bearer token begins with the name of its sender. The collector compares the whole token, and the
 * extension hands on nothing but the header, so a name in it is as authentic as the token.
 */
function authenticationOf({ bearerTokens, basicAuth, sender }: ExternalAccess): Authentication {
  if (bearerTokens !== undefined) {
    const config = bearerToken(bearerTokens.secret, bearerTokens.key);
    return {
      extension: { name: 'bearertokenauth/external', config },
      // The extension checks the first value of the header.
      sender: `ExtractPatterns(otelcol.client.metadata["authorization"][0], ${literal('^Bearer (?P<sender>[A-Za-z0-9][A-Za-z0-9_-]*)[.]')})["sender"]`,
    };
  }
  if (basicAuth !== undefined) {
    const config = { htpasswd: { file: secretFile(basicAuth.secret, basicAuth.key) } };
    return {
      extension: { name: 'basicauth/external', config },
      sender: 'otelcol.client.auth.attributes["username"]',
    };
  }
  return { sender: literal(sender ?? '') };
}

const bytes = (size: Size) => size.toMebibytes() * 1024 * 1024;

const certificate = ({ tls }: ExternalAccess) => ({
  cert_file: secretFile(tls.secret, 'tls.crt'),
  key_file: secretFile(tls.secret, 'tls.key'),
  reload_interval: reloadInterval,
});

/** OTLP over gRPC and HTTP, with TLS and a credential. */
function authenticatedReceiver(access: ExternalAccess, { extension }: Authentication) {
  const { clientCaSecret } = access.tls;
  const common = {
    tls: {
      ...certificate(access),
      ...(clientCaSecret !== undefined && {
        client_ca_file: secretFile(clientCaSecret, 'ca.crt'),
        client_ca_file_reload: true,
      }),
    },
    ...(extension && { auth: { authenticator: extension.name }, include_metadata: true }),
  };
  return {
    protocols: {
      grpc: {
        endpoint: `:${externalGrpc.number}`,
        max_recv_msg_size_mib: access.maxRequestSize.toMebibytes(),
        ...common,
      },
      http: {
        endpoint: `:${externalHttp.number}`,
        max_request_body_size: bytes(access.maxRequestSize),
        ...common,
      },
    },
  };
}

/** OTLP over HTTPS for browsers, in which no credential would be a secret. */
function browserReceiver(access: ExternalAccess, browsers: Browsers) {
  const http = {
    endpoint: `:${browserHttp.number}`,
    max_request_body_size: bytes(browsers.maxRequestSize),
    tls: certificate(access),
    cors: {
      allowed_origins: browsers.allowedOrigins,
      allowed_headers: ['content-type', 'content-encoding'],
      // Browsers ask at most every two hours (Chromium).
      max_age: 7200,
    },
  };
  return { protocols: { http } };
}

type Browsers = NonNullable<ExternalAccess['browsers']>;

/** A receiver of its own kind of senders. */
export interface ExternalReceiver {
  readonly name: 'external' | 'browsers';
  readonly receiver: ConfigObject;
  readonly sender: SenderExpression;
}

/**
 * The receivers that the settings open, and the extension that authenticates
 * (https://github.com/open-telemetry/opentelemetry-collector/blob/main/config/configauth/README.md).
 */
export function externalReceivers(access: ExternalAccess) {
  const authentication = authenticationOf(access);
  const { extension } = authentication;
  return { extension, receivers: receiversOf(access, authentication) };
}

function receiversOf(access: ExternalAccess, authentication: Authentication): ExternalReceiver[] {
  const { browsers } = access;
  return [
    ...(acceptsCredentials(access)
      ? [
          {
            name: 'external' as const,
            receiver: authenticatedReceiver(access, authentication),
            sender: authentication.sender,
          },
        ]
      : []),
    ...(browsers === undefined
      ? []
      : [
          {
            name: 'browsers' as const,
            receiver: browserReceiver(access, browsers),
            sender: literal(browsers.sender),
          },
        ]),
  ];
}
