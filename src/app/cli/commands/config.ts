/** `tidewaiter config explain`: each setting, its value, and where the value came from. */
import type { Command } from '../command.ts'
import { HOME_OPTION, POLICY_OPTION, REGISTER_OPTION, THREADS_OPTION } from '../setting-options.ts'

/** See the module. */
export const configCommand: Command = {
  name: 'config',
  summary: 'say which settings hold and where each comes from',
  usage: '[explain]',
  positionals: { least: 0, most: 1 },
  options: [HOME_OPTION, REGISTER_OPTION, POLICY_OPTION, THREADS_OPTION],
  description: `Settings come from a file (tidewaiter.toml), are overridden by the environment (TIDEWAITER_ and the
name in capitals: TIDEWAITER_LOG_LEVEL), and that by flags.`,
  examples: ['TIDEWAITER_PORT=9000 tidewaiter config explain'],
  run: async (call) => (await import('../run/config.ts')).run(call),
}
