import type { CommandUnknownOpts } from '@commander-js/extra-typings';

/** Adds the subcommand that the group itself stands for, and shows its options in the help of the group. */
export function addDefaultCommand<Group extends CommandUnknownOpts>(
  group: Group,
  command: CommandUnknownOpts,
): Group {
  group.addCommand(command, { isDefault: true });
  group.addHelpText(
    'after',
    () =>
      `\nWithout a subcommand, ${group.name()} runs ${command.name()}:\n\n${command.helpInformation()}`,
  );
  return group;
}
