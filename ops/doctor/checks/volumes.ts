import { stackMetrics } from '../../../lib/telemetry/stack.ts';
import { queryPrometheus } from '../../stores/prometheus.ts';
import { apiOf, type StackAccess } from '../model/access.ts';
import type { ExpectedStack } from '../model/doctor-plan.ts';
import { type CheckResult, type Finding, runCheck } from '../model/finding.ts';

/**
 * How full volumes are, as kubelets report it to Prometheus. Volumes of kind are directories of the
 * node, which no kubelet reports.
 */
export function checkVolumeUsage(access: StackAccess, expected: ExpectedStack): Promise<Finding> {
  const { namespace, limits, services } = expected;
  const subject = {
    area: 'stack' as const,
    hop: 'disk usage of volumes',
    suspects: [],
    cause: 'a volume is almost full: docs/runbooks/VolumeAlmostFull.md',
  };
  return runCheck(subject, async (): Promise<CheckResult> => {
    const query = `max by (persistentvolumeclaim) (${stackMetrics.volumeUsed}{namespace="${namespace}"} / ${stackMetrics.volumeCapacity})`;
    let samples: Awaited<ReturnType<typeof queryPrometheus>>;
    try {
      samples = await queryPrometheus(apiOf(access, 'prometheus'), query);
    } catch {
      return {
        status: 'unknown',
        seen: 'Prometheus, which has the metrics of the kubelets, does not answer',
      };
    }
    if (samples.length === 0) {
      return { status: 'unknown', seen: 'no kubelet reports volumes (on kind none does)' };
    }
    const seen = samples
      .sort((a, b) => b.value - a.value)
      .map(({ labels, value }) => {
        const claim = labels.persistentvolumeclaim ?? '';
        const service = services.find((each) => claim.startsWith(`data-${each}-`));
        return `${service ?? claim} ${(value * 100).toFixed(0)} %`;
      });
    const full = samples.some(({ value }) => value > limits.volume);
    return { status: full ? 'failed' : 'ok', seen: seen.join(', ') };
  });
}
