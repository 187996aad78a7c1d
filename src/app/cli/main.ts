/**
 * The command line: finds the command, runs it, and turns what it throws into one line and an exit code.
 *
 * Guarantee: every error is one line on stderr that begins with `tidewaiter:` and says what to do; an interrupt ends
 * the running stage, leaves nothing half-written, and exits with 130.
 */
import { Fault, isFault, showUnseen, toFault } from '../../base/index.ts'
import { readVersion } from '../version.ts'
import { parseCall, renderHelp, usageFault, type Command } from './command.ts'
import { COMMANDS, renderOverview } from './commands.ts'
import { EXIT } from './exit-codes.ts'
import { openTerminal } from './terminal.ts'

function findCommand(name: string): Command {
  const command = COMMANDS.find((each) => each.name === name)
  if (command === undefined) throw usageFault(`there is no command "${name}"; tidewaiter --help lists them`)
  return command
}

async function runCommand(words: readonly string[], signal: AbortSignal): Promise<number> {
  const [name = '--help', ...rest] = words
  if (name === '--help' || name === '-h' || name === 'help') {
    process.stdout.write(`${renderOverview(readVersion())}\n`)
    return EXIT.done
  }
  if (name === '--version' || name === '-V') {
    process.stdout.write(`${readVersion()}\n`)
    return EXIT.done
  }
  const command = findCommand(name)
  const call = parseCall(command, rest)
  if (call.has('help')) {
    process.stdout.write(`${renderHelp(command)}\n`)
    return EXIT.done
  }
  const { stdout, stderr } = process
  const terminal = openTerminal({ stdout, stderr, now: () => performance.now(), quiet: call.has('quiet') })
  return command.run({ ...call, terminal, environment: process.env, signal })
}

/** Faults of the call itself: its words, its settings, a reference that names nothing. */
const USAGE_CODES: ReadonlySet<string> = new Set(['usage', 'bad-configuration', 'bad-reference'])

/** What the operating system refused (no space, no permission) is no defect of ours, wherever it was met. */
function describe(thrown: unknown): Fault {
  const { code, syscall, message, path } = thrown as NodeJS.ErrnoException
  if (isFault(thrown) || !(thrown instanceof Error) || code === undefined || syscall === undefined)
    return toFault(thrown)
  return new Fault('system-refused', path === undefined ? message : `${path}: ${message}`, { cause: thrown })
}

function explain(fault: Fault, signal: AbortSignal): number {
  if (signal.aborted) {
    const lineEnd = process.stderr.isTTY ? '\n' : ''
    process.stderr.write(
      `${lineEnd}tidewaiter: interrupted; nothing was decided. Run the same command again to go on where it stopped.\n`,
    )
    return EXIT.interrupted
  }
  const hint =
    fault.code === 'internal'
      ? ' (this is a defect of tidewaiter; please report it with TIDEWAITER_LOG_LEVEL=debug)'
      : ''
  process.stderr.write(`tidewaiter: ${showUnseen(fault.message.replaceAll('\n', ' '))} [${fault.code}]${hint}\n`)
  if (fault.code === 'internal' && process.env['TIDEWAITER_LOG_LEVEL'] === 'debug')
    process.stderr.write(`${fault.stack}\n${String((fault.cause as Error | undefined)?.stack ?? '')}\n`)
  return USAGE_CODES.has(fault.code) ? EXIT.usage : EXIT.fault
}

/** Output that nobody reads any more (`| head`) is no error; a result that cannot be written is one. */
function watchOutput({ stdout, stderr }: NodeJS.Process): void {
  stderr.on('error', () => {})
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') return
    stderr.write(`tidewaiter: the result cannot be written: ${error.message} [cannot-write]\n`)
    process.on('exit', () => (process.exitCode = EXIT.fault))
  })
}

/** Runs the program with the words after its name; gives the exit code. */
export async function main(words: readonly string[]): Promise<number> {
  const controller = new AbortController()
  const interrupt = (): void => controller.abort(toFault(new Error('interrupted'), 'interrupted'))
  process.once('SIGINT', interrupt)
  process.once('SIGTERM', interrupt)
  try {
    return await runCommand(words, controller.signal)
  } catch (thrown) {
    return explain(describe(thrown), controller.signal)
  }
}

watchOutput(process)
process.exitCode = await main(process.argv.slice(2))
