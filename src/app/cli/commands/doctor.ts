/** `tidewaiter doctor`: what this machine lacks, what that costs, and how to get it. */
import type { Command } from '../command.ts'
import { HOME_OPTION, REGISTER_OPTION } from '../setting-options.ts'

/** See the module. */
export const doctorCommand: Command = {
  name: 'doctor',
  summary: 'say what this machine lacks and how to get it',
  usage: '',
  positionals: { least: 0, most: 0 },
  options: [HOME_OPTION, REGISTER_OPTION],
  description: 'Looks at Node, permissions, memory, folders, register and hub settings, and says for each what to do.',
  examples: ['tidewaiter doctor'],
  run: async (call) => (await import('../run/doctor.ts')).run(call),
}
