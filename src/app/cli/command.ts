/**
 * What a command is: data that says how it is called, and a function that runs it.
 *
 * Help, parsing and errors follow from the data, so that they cannot disagree.
 */
import { parseArgs, type ParseArgsOptionsConfig } from 'node:util'
import { Fault } from '../../base/index.ts'
import type { Terminal } from './terminal.ts'

/** One option. Without `value` it is a switch. */
export interface OptionSpec {
  readonly name: string
  /** Placeholder of its value: `FILE`. */
  readonly value?: string
  readonly multiple?: boolean
  readonly help: string
}

/** What a run of a command gets. */
export interface CommandCall {
  readonly positionals: readonly string[]
  readonly terminal: Terminal
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly signal: AbortSignal
  /** True when the switch was given. */
  has(name: string): boolean
  /** The value of an option, the last one when it was given several times. */
  value(name: string): string | undefined
  /** All values of an option. */
  values(name: string): readonly string[]
}

/** See the module. `run` gives the exit code. */
export interface Command {
  readonly name: string
  readonly summary: string
  /** Positionals as shown in the usage line: `REF`, `A B`. */
  readonly usage: string
  readonly positionals: { readonly least: number; readonly most: number }
  readonly options: readonly OptionSpec[]
  readonly description: string
  readonly examples: readonly string[]
  run(call: CommandCall): Promise<number>
}

/** Options that every command has. */
export const COMMON_OPTIONS: readonly OptionSpec[] = [
  { name: 'format', value: 'text|json', help: 'how the result is written (default: text)' },
  { name: 'quiet', help: 'leave out progress' },
  {
    name: 'config',
    value: 'FILE',
    help: 'configuration file (default: tidewaiter.toml in the home folder)',
  },
  { name: 'log-level', value: 'LEVEL', help: 'debug, info, warn, error or silent (default: warn)' },
  { name: 'help', help: 'say this and stop' },
]

/** A call that is wrong in its words. */
export function usageFault(message: string): Fault {
  return new Fault('usage', message)
}

function allOptions(command: Command): readonly OptionSpec[] {
  return [...command.options, ...COMMON_OPTIONS]
}

/** Parses the words after the command's name. @throws Fault `usage` */
export function parseCall(
  command: Command,
  words: readonly string[],
): Omit<CommandCall, 'terminal' | 'environment' | 'signal'> {
  const options: ParseArgsOptionsConfig = {}
  for (const { name, value } of allOptions(command)) {
    options[name] = { type: value === undefined ? 'boolean' : 'string', multiple: value !== undefined }
  }
  let parsed: { values: Record<string, unknown>; positionals: string[] }
  try {
    parsed = parseArgs({ args: [...words], options, allowPositionals: true })
  } catch (thrown) {
    throw usageFault((thrown as Error).message.split('. ')[0] ?? 'bad options')
  }
  const { least, most } = command.positionals
  const given = parsed.positionals.length
  if (parsed.values['help'] !== true && (given < least || given > most)) {
    throw usageFault(`${command.name} takes ${command.usage === '' ? 'no arguments' : command.usage}; ${given} given`)
  }
  const values = (name: string): readonly string[] => (parsed.values[name] as string[] | undefined) ?? []
  const call = {
    positionals: parsed.positionals,
    has: (name: string) => parsed.values[name] === true,
    values,
    value: (name: string) => values(name).at(-1),
  }
  const format = call.value('format') ?? 'text'
  if (format !== 'text' && format !== 'json') throw usageFault(`--format is "${format}"; it can be text or json`)
  return call
}

function helpLine({ name, value, help }: OptionSpec): string {
  return `  ${`--${name}${value === undefined ? '' : ` ${value}`}`.padEnd(26)} ${help}`
}

/** The help of one command. */
export function renderHelp(command: Command): string {
  const lines = [
    `tidewaiter ${command.name}: ${command.summary}`,
    '',
    `Usage: tidewaiter ${command.name} ${command.usage}${command.usage === '' ? '' : ' '}[options]`,
    '',
    command.description,
    '',
    'Options:',
    ...allOptions(command).map(helpLine),
    '',
    command.examples.length === 1 ? 'Example:' : 'Examples:',
    ...command.examples.map((example) => `  ${example}`),
  ]
  return lines.join('\n')
}
