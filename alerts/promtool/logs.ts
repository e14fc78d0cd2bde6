import { fires, type RuleTest, ruleTest, silent } from './case.ts';

const lines = (level: string, of = '') =>
  `service:log_lines:count30s{service_name="shop", detected_level="${level}"${of}}`;

/** A count every 30 s, for 20 minutes, of samples every 15 s. */
const counts = (each: number) => Array.from({ length: 40 }, () => `${each} _`).join(' ');

const burst = (title: string, value: string, labels: Readonly<Record<string, string>> = {}) => ({
  labels: { service_name: 'shop', ...labels },
  summary: `${title} logs many errors`,
  description: `${title} logs ${value} errors a minute.`,
});

export const logTests: readonly RuleTest[] = [
  // 20 a minute is the limit, whatever else is logged.
  ruleTest({ [lines('error')]: counts(10), [lines('info')]: counts(100) }, [
    silent('ErrorLogBurst', '15m'),
  ]),
  ruleTest({ [lines('error')]: counts(6), [lines('critical')]: counts(6) }, [
    fires('ErrorLogBurst', '15m', burst('shop', '24')),
    silent('HighLogVolume', '15m'),
  ]),
  ruleTest(
    {
      [lines('error', ', deployment_environment_name="production"')]: counts(30),
      [lines('error', ', deployment_environment_name="staging"')]: counts(3),
    },
    [
      fires(
        'ErrorLogBurst',
        '15m',
        burst('shop in production', '60', { deployment_environment_name: 'production' }),
      ),
    ],
  ),
  ruleTest({ [lines('info')]: counts(3000) }, [silent('HighLogVolume', '15m')]),
  ruleTest({ [lines('info')]: counts(2000), [lines('debug')]: counts(2000) }, [
    silent('HighLogVolume', '5m'),
    fires('HighLogVolume', '15m', {
      labels: { service_name: 'shop' },
      summary: 'shop logs too much',
      description: 'shop logs 8k lines a minute.',
    }),
  ]),
];
