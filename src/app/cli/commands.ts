/** The commands, in the order in which a person meets them. What a command needs is loaded only when it runs, so that `--help` stays cheap. */
import type { Command } from './command.ts'
import { auditCommand } from './commands/audit.ts'
import { bomCommand } from './commands/bom.ts'
import { calibrateCommand } from './commands/calibrate.ts'
import { clearCommand } from './commands/clear.ts'
import { compareCommand } from './commands/compare.ts'
import { configCommand } from './commands/config.ts'
import { deepCommand } from './commands/deep.ts'
import { docketCommand } from './commands/docket.ts'
import { doctorCommand } from './commands/doctor.ts'
import { exhibitCommand } from './commands/exhibit.ts'
import { exportCommand } from './commands/export.ts'
import { fingerprintCommand } from './commands/fingerprint.ts'
import { indexCommand } from './commands/index-command.ts'
import { inspectCommand } from './commands/inspect.ts'
import { keyCommand } from './commands/key.ts'
import { kitCommand } from './commands/kit.ts'
import { logCommand } from './commands/log.ts'
import { peekCommand } from './commands/peek.ts'
import { policyCommand } from './commands/policy.ts'
import { sealCommand } from './commands/seal.ts'
import { rederiveCommand } from './commands/rederive.ts'
import { serveCommand } from './commands/serve.ts'
import { traceCommand } from './commands/trace.ts'
import { trustCommand } from './commands/trust.ts'
import { signCommand } from './commands/sign.ts'
import { verifyCommand } from './commands/verify.ts'

/** All commands. */
export const COMMANDS: readonly Command[] = [
  clearCommand,
  inspectCommand,
  peekCommand,
  fingerprintCommand,
  compareCommand,
  traceCommand,
  deepCommand,
  exhibitCommand,
  indexCommand,
  kitCommand,
  sealCommand,
  rederiveCommand,
  calibrateCommand,
  auditCommand,
  signCommand,
  verifyCommand,
  bomCommand,
  exportCommand,
  keyCommand,
  trustCommand,
  serveCommand,
  logCommand,
  docketCommand,
  policyCommand,
  configCommand,
  doctorCommand,
]

/** The overview. */
export function renderOverview(version: string): string {
  const lines = [
    `tidewaiter ${version}: the customs house for AI models`,
    '',
    'Usage: tidewaiter COMMAND [options]',
    '',
    'Commands:',
    ...COMMANDS.map(({ name, summary }) => `  ${name.padEnd(12)} ${summary}`),
    '',
    'A model is named by a file, a folder, hf:org/name[@revision] or an https address.',
    '`tidewaiter COMMAND --help` says more. Exit codes: 0 done or cleared, 20 held, 30 refused, 2 usage, 1 fault.',
    '',
    'Example:',
    '  tidewaiter clear examples/oak',
  ]
  return lines.join('\n')
}
