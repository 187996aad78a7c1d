/** `tidewaiter calibrate`: our own error rates, measured on a zoo that is made again. */
import type { Command } from '../command.ts'

/** See the module. */
export const calibrateCommand: Command = {
  name: 'calibrate',
  summary: 'measure the error rates of compare on a zoo made for it',
  usage: '',
  positionals: { least: 0, most: 0 },
  options: [
    { name: 'bases', value: 'N', help: 'independent models, 4 to 500 (default: 84, which give 3,486 pairs)' },
    { name: 'out', value: 'FOLDER', help: 'where models, journal and tables go (default: calibration)' },
    { name: 'quick', help: 'a zoo of 8 bases, trained briefly: shows that it works, claims nothing' },
    { name: 'resume', help: 'go on with the journal and the models in the folder' },
  ],
  description: `Trains small language models from a seed, makes children of them in every way that descent takes, disguises
included, holds all pairs against each other as compare does, and writes tables of what came out: how many unrelated
pairs were called kin, the null of the fixed-point test, what was found of each kind of child, claims of direction. The
same version gives the same tables, bit for bit. The zoo stays in the folder for whoever wants to look at it.`,
  examples: ['tidewaiter calibrate --quick --out calibration'],
  run: async (call) => (await import('../run/calibrate.ts')).run(call),
}
