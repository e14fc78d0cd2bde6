import { z } from 'zod';
import { mountedName } from '../../settings/common.ts';
import { allowedSources } from '../../settings/networks.ts';
import { size, text } from '../../settings/units.ts';
import { attributes, promotedAttributes } from '../../telemetry/app.ts';
import { maxRequestMebibytes } from '../../telemetry/limits.ts';
import { logIndexLabels, severityAttribute } from '../../telemetry/logs.ts';
import { label } from '../../telemetry/metric.ts';
import { ingressSettings, serviceSettings } from './service-settings.ts';

/** Settings of OTLP from outside the cluster. */

const senderName = text(
  /^[A-Za-z0-9][\w-]{0,62}$/,
  'a name of at most 63 letters, digits, _ and -, such as shop-eu',
);

const maxRequestSize = (standard: string) =>
  size
    .refine(
      (value) => value.toMebibytes() <= maxRequestMebibytes,
      `at most ${maxRequestMebibytes}Mi, which the collector accepts from pods`,
    )
    .prefault(standard);

/** A key of a Secret, and thus the name of a file. */
const secretKey = text(/^[-._a-zA-Z0-9]+$/, 'a key of a Secret, such as tokens');

/** Exact, because the collector answers with access-control-allow-credentials. */
const origin = text(
  /^https?:\/\/[a-z0-9.-]+(:\d+)?$/,
  'an origin such as https://shop.example.com, without a path and without *',
);

const browsers = z.strictObject({
  allowedOrigins: z
    .array(origin)
    .min(1, 'at least one origin')
    .describe('Origins of pages that may send, such as `https://shop.example.com`, exactly'),
  sender: senderName
    .default('browsers')
    .describe('Value of senderAttribute of all that browsers send'),
  maxRequestSize: maxRequestSize('1Mi').describe('Largest request of a browser'),
});

const tls = z.strictObject({
  secret: mountedName.describe(
    'Name of a Secret of type kubernetes.io/tls with the certificate, such as one of cert-manager; a changed one is read again without a restart',
  ),
  clientCaSecret: mountedName
    .optional()
    .describe(
      'Name of a Secret whose key `ca.crt` has the CA of client certificates: senders need one of it (mTLS). Unset: no client certificate',
    ),
});

const credential = (key: string, has: string) =>
  z
    .strictObject({
      secret: mountedName.describe(`Name of the Secret with ${has}`),
      key: secretKey.default(key).describe(`Key of the Secret with ${has.split(',')[0]}`),
    })
    .optional();

/** Several separators are one in Prometheus and Loki. */
const labelOf = (attribute: string) => label(attribute).replace(/_+/g, '_');

/** Refuses what Mantis writes itself, and other spellings of what is a label already. */
const notOfOthers: z.core.CheckFn<string> = ({ value, issues }) => {
  const refuse = (message: string) => issues.push({ code: 'custom', input: value, message });
  if (value === severityAttribute || /^mantis[._]/.test(value)) {
    refuse('another attribute: Mantis sets this one itself');
    return;
  }
  const labels: readonly string[] = [...promotedAttributes, ...logIndexLabels];
  const same = labels.find((each) => labelOf(each) === labelOf(value));
  if (same === undefined || same === value) return;
  if (same === severityAttribute) refuse(`another attribute: its label is that of ${same}`);
  else refuse(`${same}, which has the same label, or another attribute`);
};

export const externalAccessSettings = z
  .strictObject({
    tls,
    bearerTokens: credential(
      'tokens',
      'bearer tokens, one a line, each `<sender>.<random>`; what follows a space is a comment. Changes need no restart',
    ),
    basicAuth: credential(
      'htpasswd',
      'lines of htpasswd, whose user names are the senders. Changes need a restart',
    ),
    sender: senderName
      .optional()
      .describe(
        'The sender that every client certificate of tls.clientCaSecret stands for, where there are neither bearerTokens nor basicAuth: the collector cannot tell certificates apart',
      ),
    senderAttribute: text(
      /^[a-z][a-z0-9_.]*[a-z0-9]$/,
      'the name of an attribute, such as k8s.cluster.name or tenant',
    )
      .check(notOfOthers)
      .default(attributes.k8sClusterName)
      .describe(
        'Resource attribute with the sender of the credential, which replaces what the sender says',
      ),
    maxRequestSize: maxRequestSize('4Mi').describe('Largest request, also after decompression'),
    browsers: browsers.optional(),
    allowedSources: allowedSources.describe(
      'Who may connect: `all`, or an object with `namespaces` (`all`, or names), `labels` (of namespaces) and `cidrs`',
    ),
    service: serviceSettings.prefault({}),
    ingress: ingressSettings.optional(),
  })
  .check(({ value, issues }) => {
    const { bearerTokens, basicAuth, sender, browsers, ingress } = value;
    const { clientCaSecret } = value.tls;
    const refuse = (path: string[], input: unknown, message: string) =>
      issues.push({ code: 'custom', input, path, message });
    if (bearerTokens !== undefined && basicAuth !== undefined) {
      refuse(['basicAuth'], basicAuth, 'bearerTokens or basicAuth, not both');
    }
    const named = bearerTokens ?? basicAuth;
    if (sender !== undefined && (named !== undefined || clientCaSecret === undefined)) {
      const message =
        'no sender unless tls.clientCaSecret is the only credential: bearerTokens and basicAuth name the sender';
      refuse(['sender'], sender, message);
    }
    if (named === undefined && sender === undefined) {
      if (clientCaSecret !== undefined) {
        const message =
          'a name, bearerTokens or basicAuth: the collector cannot tell the client certificates of tls.clientCaSecret apart';
        refuse(['sender'], sender, message);
      } else if (browsers === undefined) {
        refuse([], {}, 'one of bearerTokens, basicAuth, tls.clientCaSecret with sender, browsers');
      }
    }
    if (clientCaSecret !== undefined && (ingress?.grpc ?? ingress?.http) !== undefined) {
      const message =
        'no tls.clientCaSecret beside ingress.grpc or ingress.http: the controller ends the TLS connection, and the collector sees no client certificate';
      refuse(['tls', 'clientCaSecret'], clientCaSecret, message);
    }
    for (const protocol of ['grpc', 'http'] as const) {
      if (ingress?.[protocol] === undefined || (named ?? sender) !== undefined) continue;
      refuse(['ingress', protocol], ingress[protocol], 'no such host without a credential');
    }
    if (ingress?.browsers !== undefined && browsers === undefined) {
      refuse(['ingress', 'browsers'], ingress.browsers, 'no such host without browsers');
    }
  })
  .optional();

export type ExternalAccess = NonNullable<z.output<typeof externalAccessSettings>>;

/** The Secrets that the settings name, and the keys that they need. */
export function externalSecrets(access: ExternalAccess | undefined) {
  if (access === undefined) return [];
  const { tls, bearerTokens, basicAuth } = access;
  const ofTls = [
    { setting: 'tls.secret', name: tls.secret, keys: ['tls.crt', 'tls.key'] },
    { setting: 'tls.clientCaSecret', name: tls.clientCaSecret, keys: ['ca.crt'] },
  ];
  const ofCredentials = Object.entries({ bearerTokens, basicAuth }).map(([setting, each]) => ({
    setting: `${setting}.secret`,
    name: each?.secret,
    keys: each === undefined ? [] : [each.key],
  }));
  return [...ofTls, ...ofCredentials].flatMap(({ name, ...rest }) =>
    name === undefined ? [] : [{ ...rest, name }],
  );
}
