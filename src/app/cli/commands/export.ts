/** `tidewaiter export`: what a certificate comes to, in predicates that everybody's policy engine knows. */
import type { Command } from '../command.ts'
import { HOME_OPTION, LOG_OPTIONS, REGISTER_OPTION } from '../setting-options.ts'

/** See the module. */
export const exportCommand: Command = {
  name: 'export',
  summary: 'put what a certificate comes to into words that policy engines read',
  usage: 'NUMBER',
  positionals: { least: 1, most: 1 },
  options: [
    { name: 'as', value: 'FORM', help: 'svr (unless told) for a clearance, test-result for the result of an MOT' },
    { name: 'out', value: 'FILE', help: 'where to write it (default: standard output)' },
    ...LOG_OPTIONS,
    HOME_OPTION,
    REGISTER_OPTION,
  ],
  description: `Writes a signed, stamped and logged in-toto statement about the model: svr is a Simple Verification Result v0.2. It lists
only what was passed, so a model that was held or refused has none, nor has a certificate that ended or was withdrawn.
It is a copy for convenience: reasons, replies and status belong to the certificate, and a withdrawal does not reach it.`,
  examples: ['tidewaiter export 260000000012 --as svr --out oak.svr.json'],
  run: async (call) => (await import('../run/export.ts')).run(call),
}
