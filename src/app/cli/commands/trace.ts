/** `tidewaiter trace`: which of many models does this one descend from? */
import type { Command } from '../command.ts'
import { HF_CACHE_OPTION, HOME_OPTION, REGISTER_OPTION, THREADS_OPTION } from '../setting-options.ts'

/** See the module. */
export const traceCommand: Command = {
  name: 'trace',
  summary: 'ask which of many models a model descends from',
  usage: 'REF [--against REF…]',
  positionals: { least: 1, most: 1_000 },
  options: [
    {
      name: 'against',
      value: 'REF',
      multiple: true,
      help: 'a model, fingerprint or tw1:… to compare with; more may follow it',
    },
    { name: 'registered', help: 'also compare with the register when --against is given' },
    { name: 'remote', help: 'a first answer from ranged reads of what is not here, at most a few hundredths of it' },
    HF_CACHE_OPTION,
    THREADS_OPTION,
    HOME_OPTION,
    REGISTER_OPTION,
  ],
  description: `Without --against the model is traced against the local register. The candidates come best first, each with the
whole comparison in --format json. Where the candidates have their weights, they are also held together: parents of a
merge with their weights and the recipe, and which candidate is nearest. With --remote models that are not here (hf:,
https:, s3:, oci:) are read in ranges: a first answer, never stronger than common-origin; it takes --against.`,
  examples: [
    'tidewaiter trace examples/oak-sft --against examples/oak examples/birch',
    'tidewaiter trace examples/oak-sft',
  ],
  run: async (call) => (await import('../run/trace.ts')).run(call),
}
