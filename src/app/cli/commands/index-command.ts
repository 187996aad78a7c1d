/** `tidewaiter index`: the index by which very many fingerprints are screened. */
import type { Command } from '../command.ts'
import { HF_CACHE_OPTION, HOME_OPTION, REGISTER_OPTION, THREADS_OPTION } from '../setting-options.ts'

/** See the module. */
export const indexCommand: Command = {
  name: 'index',
  summary: 'make, describe or ask the index of all fingerprints of the register',
  usage: 'build | status | screen FINGERPRINT…',
  positionals: { least: 1, most: 1_000 },
  options: [
    { name: 'most', value: 'N', help: 'models in each answer of screen, 1 to 1000 (default: 20)' },
    { name: 'whole', help: 'screen whole models only, not any layer against any layer: faster' },
    HF_CACHE_OPTION,
    THREADS_OPTION,
    HOME_OPTION,
    REGISTER_OPTION,
  ],
  description: `build appends what was entered since, or makes the index anew where it does not agree with the register; after an
interruption it goes on where it stopped. trace and clear do the same by themselves when the register is large. screen
takes fingerprint files (.twf), models of the register (tw1:…) or models, and orders the register by how promising a
comparison is. It says nothing about descent: compare does.`,
  examples: ['tidewaiter index build', 'tidewaiter index screen oak.twf --most 5'],
  run: async (call) => (await import('../run/index-command.ts')).run(call),
}
