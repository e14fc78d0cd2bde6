import { Loki } from '@mantis-o11y/mantis';
import { ownRuleFiles } from '@mantis-o11y/mantis/alerts';
import { App, Chart, Duration, Size } from 'cdk8s';

const app = new App();
const chart = new Chart(app, 'logs', { namespace: 'logging' });
const loki = new Loki(chart, 'loki', {
  retention: Duration.days(14),
  storage: Size.gibibytes(20),
  alertmanagerUrl: 'http://alertmanager.monitoring.svc.cluster.local:9093',
  ownRules: ownRuleFiles('LogQL', [
    {
      name: 'errors',
      rules: [
        {
          alert: 'ErrorsLogged',
          expr: 'sum by (service_name) (count_over_time({service_name=~".+"} |= "error" [5m])) > 100',
        },
      ],
    },
  ]),
});
app.synth();
console.log(`logs: ${loki.otlpEndpoint}`);
