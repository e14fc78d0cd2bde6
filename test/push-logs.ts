import { fetchText } from '../ops/stores/http.ts';
import { logsRequest, severity, type severityNumbers } from '../ops/stores/otlp.ts';

interface LogLines {
  readonly service: string;
  readonly text: string;
  readonly severity: keyof typeof severityNumbers;
  readonly time: Date;
  /** @default 1 */
  readonly count?: number;
  /** More attributes of the resource than its service.name. @default - none */
  readonly resource?: Readonly<Record<string, string>>;
}

/** Sends equal log lines by OTLP over HTTP. */
export async function pushLogs(url: string, lines: LogLines): Promise<void> {
  const { service, text, time, count = 1 } = lines;
  const records = Array.from({ length: count }, (_, index) => ({
    // Loki stores lines of the same time and text once.
    timeUnixNano: `${time.getTime()}${String(index).padStart(6, '0')}`,
    ...severity(lines.severity),
    body: { stringValue: text },
  }));
  const body = logsRequest(service, records, lines.resource);
  await fetchText(url, '/v1/logs', { method: 'POST', body });
}
