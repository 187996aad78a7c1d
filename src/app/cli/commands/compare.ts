/** `tidewaiter compare`: are the weights of two models kin? */
import type { Command } from '../command.ts'
import { HF_CACHE_OPTION, HOME_OPTION, REGISTER_OPTION, THREADS_OPTION } from '../setting-options.ts'

/** See the module. */
export const compareCommand: Command = {
  name: 'compare',
  summary: 'ask whether the weights of two models are kin',
  usage: 'A B',
  positionals: { least: 2, most: 2 },
  options: [
    { name: 'remote', help: 'a first answer from ranged reads of what is not here, at most a few hundredths of it' },
    HF_CACHE_OPTION,
    THREADS_OPTION,
    HOME_OPTION,
    REGISTER_OPTION,
  ],
  description: `A and B are references as for clear, fingerprint files (.twf), or models of the register (tw1:…). The answer is
one of identical, re-derived, derived, merge, common-origin, inconclusive, no-weight-evidence, insufficient; each with
its bound on the probability, the assumption, the negative control and what was not tested. With --remote models that
are not here (hf:, https:, s3:, oci:) are read in ranges: a first answer, never stronger than common-origin. Exit code 0
whatever the answer.`,
  examples: ['tidewaiter compare examples/oak examples/oak-sft', 'tidewaiter compare --remote hf:org/name parent.twf'],
  run: async (call) => (await import('../run/compare.ts')).run(call),
}
