/** `tidewaiter exhibit`: how the weights of one model become those of another when labels are changed. */
import type { Command } from '../command.ts'
import { HF_CACHE_OPTION, HOME_OPTION, REGISTER_OPTION } from '../setting-options.ts'

/** See the module. */
export const exhibitCommand: Command = {
  name: 'exhibit',
  summary: 'write down how A becomes B by a change of labels, or check what was written',
  usage: 'A B --out FILE | check FILE A B',
  positionals: { least: 2, most: 4 },
  options: [
    { name: 'out', value: 'FILE', help: 'where to write the exhibit' },
    HF_CACHE_OPTION,
    HOME_OPTION,
    REGISTER_OPTION,
  ],
  description: `A and B are references as for clear. The exhibit holds which unit, head and direction of B is which of A, so that
anybody can build B from A and see what is left over; check does that, and so does the script
docs/method/check-exhibit.py, which shares no code with it. Only what is found by the vectors of units or with the help
of tokens is written down, not what a deep inspection finds blindly. An exhibit shows kinship, never who descends from
whom. Exit code of check: 1 when the exhibit does not hold.`,
  examples: [
    'tidewaiter exhibit examples/oak examples/oak-sft --out oak.exhibit.json',
    'tidewaiter exhibit check oak.exhibit.json examples/oak examples/oak-sft',
  ],
  run: async (call) => (await import('../run/exhibit.ts')).run(call),
}
