/** `tidewaiter audit --again`: what the rules of today say of models that came in before. */
import type { Command } from '../command.ts'
import { HOME_OPTION, REGISTER_OPTION } from '../setting-options.ts'

/** See the module. */
export const auditCommand: Command = {
  name: 'audit',
  summary: 'run the rules of today over every model of the register, without its bytes',
  usage: '--again [MODEL…]',
  positionals: { least: 0, most: 1_000 },
  options: [
    { name: 'again', help: 'audit the facts that were kept when each model was opened' },
    { name: 'all', help: 'list models about which nothing changed as well' },
    HOME_OPTION,
    REGISTER_OPTION,
  ],
  description: `Facts are kept when a model is opened; rules are written later. Each model of the register (or those whose
identity, tw1:…, is given) is audited again, and what differs from the audit of its latest decision is listed. Nothing is
entered: a decision that no longer stands is for an officer. Where a reader has changed since, the report says that the
model has to be opened again for what the new reader sees.
Exit code 0 when no verdict is worse than it was, 20 when one is.`,
  examples: ['tidewaiter audit --again', 'tidewaiter audit --again --all --format json'],
  run: async (call) => (await import('../run/audit.ts')).run(call),
}
