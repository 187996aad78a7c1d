/** The commands and how to load each: a command is loaded only when it is called, so that `--help` stays cheap. */
import type { Command } from './command.ts'

/** One line of the overview. */
export interface CommandEntry {
  readonly name: string
  readonly summary: string
  readonly load: () => Promise<{ readonly command: Command }>
}

/** All commands, in the order in which a person meets them. */
export const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'clear',
    summary: 'take a model the whole way: open, audit, trace, decide, certify, register',
    load: () => import('./clear.ts'),
  },
  {
    name: 'inspect',
    summary: 'open a model without running it and list what is wrong with its files',
    load: () => import('./inspect.ts'),
  },
  {
    name: 'fingerprint',
    summary: 'write the fingerprint of a model’s weights',
    load: () => import('./fingerprint.ts'),
  },
  { name: 'compare', summary: 'ask whether the weights of two models are kin', load: () => import('./compare.ts') },
  { name: 'trace', summary: 'ask which of many models a model descends from', load: () => import('./trace.ts') },
  {
    name: 'verify',
    summary: 'check a certificate, and the bytes that it speaks of',
    load: () => import('./verify.ts'),
  },
  { name: 'serve', summary: 'serve the public register and its API', load: () => import('./serve.ts') },
  { name: 'config', summary: 'say which settings hold and where each comes from', load: () => import('./config.ts') },
  { name: 'doctor', summary: 'say what this machine lacks and how to get it', load: () => import('./doctor.ts') },
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
