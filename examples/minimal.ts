import { Mantis } from '@mantis-o11y/mantis';
import { App } from 'cdk8s';

const app = new App();
new Mantis(app, 'observability', { settings: { loki: { retention: '14d' } } });
app.synth();
