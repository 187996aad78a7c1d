/** `tidewaiter clear`: the whole way of one model, and a decision with reasons. */
import type { Command } from '../command.ts'
import {
  HF_CACHE_OPTION,
  HOME_OPTION,
  LOG_OPTIONS,
  POLICY_OPTION,
  REGISTER_OPTION,
  THREADS_OPTION,
  USE_OPTION,
} from '../setting-options.ts'

/** See the module. */
export const clearCommand: Command = {
  name: 'clear',
  summary: 'take a model the whole way: open, audit, trace, decide, certify, register',
  usage: 'REF',
  positionals: { least: 1, most: 1 },
  options: [
    {
      name: 'name',
      value: 'NAME',
      help: 'name under which it is entered (default: the last part of REF, or the reference of a hub)',
    },
    USE_OPTION,
    HF_CACHE_OPTION,
    POLICY_OPTION,
    ...LOG_OPTIONS,
    HOME_OPTION,
    REGISTER_OPTION,
    THREADS_OPTION,
  ],
  description: `REF is a file, a folder, hf:org/name[@revision] or an https address. The model is never run. The decision is
cleared, cleared with advisories, held or refused, with numbered reasons; it is signed, entered into the register and
kept as a dossier with a report for people. Exit code 0 cleared, 20 held, 30 refused, 2 usage, 1 fault.
An interrupted run goes on where it stopped when the same command is given again.`,
  examples: ['tidewaiter clear examples/oak', 'tidewaiter clear hf:HuggingFaceTB/SmolLM2-135M@main'],
  run: async (call) => (await import('../run/clear.ts')).run(call),
}
