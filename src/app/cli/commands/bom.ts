/** `tidewaiter bom`: the bill of materials of a model that was cleared. */
import type { Command } from '../command.ts'
import { HF_CACHE_OPTION, HOME_OPTION } from '../setting-options.ts'

/** See the module. */
export const bomCommand: Command = {
  name: 'bom',
  summary: 'write the bill of materials of a cleared model, or check one',
  usage: 'NUMBER|FOLDER|--check BILL',
  positionals: { least: 1, most: 1 },
  options: [
    { name: 'as', value: 'FORMAT', help: 'cyclonedx-1.6 (unless told), cyclonedx-1.7 or spdx-3.0.1' },
    { name: 'out', value: 'FILE', help: 'where to write it (default: standard output)' },
    { name: 'key', value: 'PEM', help: 'public key of the issuer (default: the key of this installation)' },
    { name: 'check', help: 'the argument is a bill: say which model it is of' },
    { name: 'artefact', value: 'REF', help: 'with --check: the model that it must be of' },
    HF_CACHE_OPTION,
    HOME_OPTION,
  ],
  description: `Takes the folder of a dossier, or the number of its certificate, and refuses one whose certificate does not hold.
Lists every file with its digest, what was declared, the parents that the weights name, and what was decided.
With --check, computes from the files that a bill lists which model it is of. Exit code 1 when it is another.`,
  examples: ['tidewaiter bom 260000000012 --as spdx-3.0.1 --out oak.spdx.json'],
  run: async (call) => (await import('../run/bom.ts')).run(call),
}
