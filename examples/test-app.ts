import { Mantis, TestApp } from '@mantis-o11y/mantis';
import { App } from 'cdk8s';

// The installation of dist/: the defaults with the test app.
const app = new App();
const mantis = new Mantis(app, 'observability', { settings: { testApp: { enabled: true } } });
new TestApp(app, 'test-app', { mantis });
app.synth();
