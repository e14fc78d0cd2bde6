import { z } from 'zod';
import { type Port, ports } from '../model/ports.ts';
import { text } from '../settings/units.ts';

const own = Object.values(ports['otel-collector']);
const free = `a port from 1024 to 65535 other than ${own.map(({ number }) => number).join(', ')}, which the collector uses`;

const extraPort = z.strictObject({
  name: text(
    /^(?=.*[a-z])[a-z0-9]([a-z0-9]|-(?!-)){0,13}[a-z0-9]$/,
    'a port name: at most 15 lower-case letters, digits and -, such as zipkin',
  ).refine((name) => own.every((port) => port.name !== name), 'a name that no other port has'),
  port: z
    .int(free)
    .min(1024, free)
    .max(65535, free)
    .refine((number) => own.every((port) => port.number !== number), free),
  protocol: z.enum(['TCP', 'UDP'], 'TCP or UDP').default('TCP'),
});

/** Ports of receivers that extraConfig adds. */
export const extraPortSettings = z
  .array(extraPort)
  .check(({ value, issues }) => {
    const twice = (keyOf: (each: z.output<typeof extraPort>) => string) =>
      value.find((each, index) => value.findIndex((first) => keyOf(first) === keyOf(each)) < index);
    const again = twice(({ name }) => name) ?? twice(({ port, protocol }) => `${port}/${protocol}`);
    if (again === undefined) return;
    issues.push({ code: 'custom', input: again, message: 'each name, and each port, once' });
  })
  .default([])
  .describe(
    'Ports of receivers in extraConfig, each with `name`, `port` and `protocol` (TCP or UDP), for the Service and for those in allowedSenders',
  );

/** The port as Services, pods and policies have it. */
export function portOf({ name, port, protocol }: z.output<typeof extraPort>): Port {
  return { name, number: port, protocol: protocol === 'UDP' ? protocol : undefined };
}
