/** The Lease that a process holds while it changes an installation. It is never deleted. */
export const leaseName = 'mantis-lock';

/** On the Lease: what its holder does, for messages: `deploying to`, `restoring a backup to`. */
export const operationAnnotation = 'mantis.dev/doing';

/** How long a holder may go without renewing the Lease, in seconds. */
export const leaseSeconds = 60;
