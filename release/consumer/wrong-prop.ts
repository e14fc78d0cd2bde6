import { Loki, Mantis } from '@mantis-o11y/mantis';
import { App, Chart } from 'cdk8s';

// Every line with an error of the compiler, which the check of the package wants to see.
const app = new App();
new Mantis(app, 'observability', { settings: { loki: { retentoin: '14d' } } });
new Mantis(app, 'observability', { settings: { imagePullPolicy: 'Never' } });
new Mantis(app, 'observability', { rules: [{ name: 'a', rules: [{ alert: 'A' }] }] });
new Loki(new Chart(app, 'logs'), 'loki', { retention: 14 });
new Loki(new Chart(app, 'logs'), 'loki', { volume: '20Gi' });
