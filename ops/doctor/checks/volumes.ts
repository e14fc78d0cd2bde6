import { stackMetrics } from '../../../lib/telemetry/stack.ts';
import { queryPrometheus } from '../../stores/prometheus.ts';
import type { Expected } from '../model/expected.ts';
import { examined, type Finding, type Verdict } from '../model/finding.ts';
import { apiOf, type Reach } from '../model/reach.ts';

/**
 * How full volumes are, as kubelets report it to Prometheus. Those of a kind cluster are
 * directories of its node, of which no kubelet reports anything.
 */
export function askVolumes(
  reach: Reach,
  { namespace, limits, components }: Expected,
): Promise<Finding> {
  const subject = {
    area: 'stack' as const,
    hop: 'disk usage of volumes',
    suspects: [],
    cause: 'a volume is almost full: docs/runbooks/VolumeAlmostFull.md',
  };
  return examined(subject, async (): Promise<Verdict> => {
    const query = `max by (persistentvolumeclaim) (${stackMetrics.volumeUsed}{namespace="${namespace}"} / ${stackMetrics.volumeCapacity})`;
    let samples: Awaited<ReturnType<typeof queryPrometheus>>;
    try {
      samples = await queryPrometheus(apiOf(reach, 'prometheus'), query);
    } catch {
      return { status: 'unknown', seen: 'Prometheus, which asks the kubelets, does not answer' };
    }
    if (samples.length === 0) {
      return { status: 'unknown', seen: 'no kubelet reports volumes (on kind none does)' };
    }
    const seen = samples
      .sort((a, b) => b.value - a.value)
      .map(({ labels, value }) => {
        const claim = labels.persistentvolumeclaim ?? '';
        const component = components.find((each) => claim.startsWith(`data-${each}-`));
        return `${component ?? claim} ${(value * 100).toFixed(0)} %`;
      });
    const full = samples.some(({ value }) => value > limits.volume);
    return { status: full ? 'failed' : 'ok', seen: seen.join(', ') };
  });
}
