/** `tidewaiter seal`: a release for each recipient, told apart by the order of its hidden units. */
import type { Command } from '../command.ts'
import { HF_CACHE_OPTION, HOME_OPTION } from '../setting-options.ts'

/** See the module. */
export const sealCommand: Command = {
  name: 'seal',
  summary: 'seal a release for a recipient, or name the recipient of a copy',
  usage: 'MODEL | identify SUSPECT',
  positionals: { least: 1, most: 2 },
  options: [
    { name: 'recipient', value: 'NAME', help: 'for whom the release is' },
    { name: 'key', value: 'FILE', help: 'key of all seals of this model: 64 hex digits' },
    { name: 'out', value: 'FOLDER', help: 'where the sealed copy goes; its record is written beside it' },
    { name: 'original', value: 'REF', help: 'identify: the model before sealing, or its kit (.kit)' },
    { name: 'kit-key', value: 'FILE', help: 'identify: key of the registration, when the original is a kit' },
    { name: 'recipients', value: 'FILE', help: 'identify: names of recipients, one a line' },
    HF_CACHE_OPTION,
    HOME_OPTION,
  ],
  description: `A sealed copy computes what the original computes: the hidden units of each layer stand in an order of the
recipient's own, drawn under the key. seal identify names the recipients whose order a suspect stands in; the bound on
the probability needs no assumption about how the suspect was trained. Exit code 0 whatever the answer.`,
  examples: [
    'tidewaiter seal examples/oak --recipient Ada --key seal.key --out oak-for-ada',
    'tidewaiter seal identify suspect --original examples/oak --recipients names.txt --key seal.key',
  ],
  run: async (call) => (await import('../run/seal.ts')).run(call),
}
