import {
  Alertmanager,
  Collector,
  Grafana,
  Loki,
  Namespace,
  Prometheus,
  Tempo,
} from '@mantis-o11y/mantis';
import { App, Chart } from 'cdk8s';

// Every component with its defaults, connected by hand: without Mantis' rules, dashboards and NetworkPolicies.
const app = new App();
const namespace = 'telemetry';
new Namespace(new Chart(app, '0-namespace'), 'namespace', namespace);
const chart = new Chart(app, '1-components', { namespace });
const alertmanager = new Alertmanager(chart, 'alertmanager');
const prometheus = new Prometheus(chart, 'prometheus', { alertmanagerUrl: alertmanager.url });
const { remoteWriteUrl } = prometheus;
const loki = new Loki(chart, 'loki', { alertmanagerUrl: alertmanager.url, remoteWriteUrl });
const tempo = new Tempo(chart, 'tempo', { remoteWriteUrl });
const collector = new Collector(chart, 'collector', {
  metricsEndpoint: prometheus.otlpEndpoint,
  logsEndpoint: loki.otlpEndpoint,
  tracesEndpoint: tempo.otlpEndpoint,
});
new Grafana(chart, 'grafana', {
  prometheusUrl: prometheus.url,
  lokiUrl: loki.url,
  tempoUrl: tempo.url,
  alertmanagerUrl: alertmanager.url,
});
app.synth();
console.log(`OTEL_EXPORTER_OTLP_ENDPOINT=${collector.otlpEndpoint}`);
