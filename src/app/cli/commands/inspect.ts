/** `tidewaiter inspect`: what is wrong with the files of a model, without the register and without a decision. */
import type { Command } from '../command.ts'
import { HF_CACHE_OPTION, THREADS_OPTION, USE_OPTION } from '../setting-options.ts'

/** See the module. */
export const inspectCommand: Command = {
  name: 'inspect',
  summary: 'open a model without running it and list what is wrong with its files',
  usage: 'REF',
  positionals: { least: 1, most: 1 },
  options: [
    { name: 'sarif', value: 'FILE', help: 'also write the findings as SARIF 2.1.0' },
    USE_OPTION,
    HF_CACHE_OPTION,
    THREADS_OPTION,
  ],
  description: `Reads every file in a process of its own that can do nothing else, and applies the rules of docs/rules.
Exit code 0 nothing to object, 20 inconclusive (something was not read in full), 30 a defect.`,
  examples: ['tidewaiter inspect examples/oak-q40', 'tidewaiter inspect model.gguf --format json'],
  run: async (call) => (await import('../run/inspect.ts')).run(call),
}
