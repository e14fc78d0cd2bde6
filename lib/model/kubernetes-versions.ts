/**
 * The Kubernetes minors that the output is checked against, oldest and newest. Every API it uses
 * has been stable since 1.25, so newer clusters are expected to take it as well.
 */
export const kubernetesVersions = ['1.31', '1.37'] as const;

/** Older clusters lack an API that the output uses. */
export const oldestKubernetes = '1.25';
