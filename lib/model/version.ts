/** The version of Mantis: of the package, and the tag of the test app's image. */
export const version = '0.2.0';

/**
 * The oldest and the newest Kubernetes minor version that the output is validated against. Every
 * API version in it has been stable since 1.25, so newer clusters are expected to accept it too.
 */
export const kubernetesVersions = ['1.31', '1.37'] as const;

/** Older clusters lack the field selector spec.hostNetwork, with which the collector watches pods. */
export const oldestKubernetesVersion = '1.28';
