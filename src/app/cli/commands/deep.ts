/** `tidewaiter deep`: comparisons that take hours, in a queue. */
import type { Command } from '../command.ts'
import { HF_CACHE_OPTION, HOME_OPTION, REGISTER_OPTION, THREADS_OPTION } from '../setting-options.ts'

/** See the module. */
export const deepCommand: Command = {
  name: 'deep',
  summary: 'queue comparisons that take hours, and run them',
  usage: 'add A B | list | run | show ID',
  positionals: { least: 1, most: 3 },
  options: [
    { name: 'kind', value: 'KIND', help: 'add: blind or every-cell (default: blind)' },
    { name: 'once', help: 'run: end after one inspection' },
    HF_CACHE_OPTION,
    THREADS_OPTION,
    HOME_OPTION,
    REGISTER_OPTION,
  ],
  description: `add asks for a deep inspection of two models, run works through what waits, list and show say how it stands. What
was reached is kept every minute and when run is interrupted; the next run, by whichever process, goes on from there.
ID is an identifier as list prints it, or either end of one. The result is a comparison as compare prints it. Exit code
of run: 1 when an inspection failed.

Kinds:
  blind        for pairs of which compare finds nothing: hidden units renumbered and the residual stream rotated in a
               model whose tokens cannot be trusted. It looks neither at labels nor at tokens. Where most units keep
               their numbers it ends in what compare says, after more work; where only tokens would tell, it may find
               less than compare
  every-cell   for faint kinship of models whose labels stand: up to 2048 units of every pair of layers, by all their
               coordinates, by their numbers`,
  examples: [
    'tidewaiter deep add examples/oak examples/oak-sft',
    'tidewaiter deep add examples/oak examples/birch --kind every-cell',
    'tidewaiter deep run --once',
    'tidewaiter deep list',
  ],
  run: async (call) => (await import('../run/deep.ts')).run(call),
}
