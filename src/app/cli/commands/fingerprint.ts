/** `tidewaiter fingerprint`: a small file that lets others test kinship without the weights. */
import type { Command } from '../command.ts'
import { HF_CACHE_OPTION, HOME_OPTION, THREADS_OPTION } from '../setting-options.ts'

/** See the module. */
export const fingerprintCommand: Command = {
  name: 'fingerprint',
  summary: 'write the fingerprint of a model’s weights',
  usage: 'REF',
  positionals: { least: 1, most: 1 },
  options: [
    { name: 'out', value: 'FILE', help: 'where to write it (default: the name of the model and .twf, here)' },
    HF_CACHE_OPTION,
    THREADS_OPTION,
    HOME_OPTION,
  ],
  description: `The file holds digests, sketches and the signs of a few hundred hidden units: enough to test kinship, far too
little to rebuild the weights. It is the same, bit for bit, on every machine and with any number of threads.`,
  examples: ['tidewaiter fingerprint examples/oak --out oak.twf'],
  run: async (call) => (await import('../run/fingerprint.ts')).run(call),
}
