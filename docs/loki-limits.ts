import { Duration, Size } from 'cdk8s';
import { lokiConfig } from '../lib/loki/config.ts';
import type { ConfigObject } from '../lib/model/config-file.ts';
import { renderYaml } from '../lib/model/config-file.ts';

/** What an external Loki has to have as Mantis' own has it. */
const same = [
  'max_structured_metadata_size',
  'max_structured_metadata_entries_count',
  'max_label_value_length',
  'max_line_size_truncate',
  'shard_streams',
  'otlp_config',
];

/** The limits of an external Loki, as a part of its configuration. */
export function externalLokiLimits(): string {
  const { limits_config: own } = lokiConfig({
    dataDir: '/loki',
    rulesDir: '/rules',
    retention: Duration.days(7),
    memoryLimit: Size.gibibytes(1),
  });
  const limits = own as ConfigObject;
  const missing = same.filter((key) => !(key in limits));
  if (missing.length > 0) throw new Error(`lokiConfig() sets no ${missing.join(', ')}`);
  return `\`\`\`yaml\n${renderYaml({
    server: {
      grpc_server_max_recv_msg_size: 16_777_216,
      grpc_server_max_send_msg_size: 16_777_216,
    },
    limits_config: {
      ingestion_rate_mb: 16,
      ingestion_burst_size_mb: 16,
      per_stream_rate_limit: '16MB',
      per_stream_rate_limit_burst: '32MB',
      reject_old_samples_max_age: limits.reject_old_samples_max_age,
      ...Object.fromEntries(same.map((key) => [key, limits[key]])),
    } as ConfigObject,
  })}\`\`\``;
}
