/** `tidewaiter policy export`: a policy of pickles for the loader that is to enforce it. */
import type { Command } from '../command.ts'

/** See the module. */
export const policyCommand: Command = {
  name: 'policy',
  summary: 'write a policy of pickles for the loader that is to enforce it',
  usage: 'export',
  positionals: { least: 1, most: 1 },
  options: [
    { name: 'policy', value: 'ID', help: 'which policy, as an inspection names it (default: core)' },
    { name: 'to', value: 'LOADER', help: 'pickleball or torch (default: torch)' },
  ],
  description: `A pickle that is proved under a policy is inert as long as it is loaded with the versions that the policy names.
For torch this writes Python that adds the names to the list of torch.load(weights_only=True), for PickleBall its two
lists. Loaders go by names and do not look at arguments: they enforce less than the proof says.`,
  examples: ['tidewaiter policy export --policy sklearn --to pickleball'],
  run: async (call) => (await import('../run/policy.ts')).run(call),
}
