/**
 * The parent's end of one reading process: asks it for one file at a time, believes nothing, and kills it in time.
 *
 * Guarantee: `read` always comes to an end and always gives facts. A process that dies, runs out of memory or time,
 * says too much or says nonsense leaves the file `unread` with an anomaly, and is not asked again.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync } from 'node:fs'
import type { Readable, Writable } from 'node:stream'
import { Fault, isFault } from '../../base/index.ts'
import type { Anomaly, FileFacts } from '../facts.ts'
import { anomalyOf, unreadFacts } from '../read-file.ts'
import { Answer } from './answer.ts'
import { openDescriptor } from '../file-source.ts'
import { type Confinement, confinedCommand, FIRST_FILE } from './confinement.ts'
import { encodeFrame, FrameJoiner } from './frames.ts'
import { checkMessage, type Hello, type Message, type Missing, type ReadCommand, type WireCommand } from './messages.ts'
import { boundMemory, innerProcess } from './namespaces.ts'

/** Milliseconds in which a process must have said who it is. */
const START_TIME = 30_000
/** A busy parent may see the answer only now: it looks once more before it kills. */
const GRACE = 100
/** Bytes that the facts of one file may take on the wire. */
const MOST_FACT_BYTES = 256 * 1024 * 1024
const KEPT_STDERR = 4096

/** What a listener is told. */
interface Listener {
  message(message: Message): void
  /** The process is of no more use. */
  gone(why: Anomaly): void
}

function crash(message: string): Anomaly {
  return { code: 'reader-crashed', message, locus: 'file' }
}

interface OpenedFiles {
  readonly files: ReadonlyMap<string, number | Anomaly>
  readonly descriptors: readonly number[]
}

function openAll(paths: readonly string[]): OpenedFiles {
  const files = new Map<string, number | Anomaly>()
  const descriptors: number[] = []
  for (const path of paths) {
    if (files.has(path)) continue
    try {
      descriptors.push(openDescriptor(path))
      files.set(path, FIRST_FILE + descriptors.length - 1)
    } catch (thrown) {
      files.set(path, anomalyOf(thrown))
    }
  }
  return { files, descriptors }
}

/** See the module. */
export class ReaderProcess {
  readonly #child: ChildProcess
  readonly #input: Writable
  /** Descriptors in the process of the files that it was given, or why one could not be opened. */
  readonly #files: ReadonlyMap<string, number | Anomaly>
  readonly #frames = new FrameJoiner()
  #listener: Listener | undefined
  #path = ''
  #received = 0
  #stderr = ''
  #fate: Anomaly | undefined
  #inner: number | undefined
  /** What the process said of itself. */
  hello: Hello = { kind: 'hello', readers: [], confined: false }

  private constructor(confinement: Confinement) {
    const [command, ...rest] = confinedCommand(confinement)
    const given = openAll(confinement.files)
    this.#files = given.files
    const stdio = ['pipe' as const, 'pipe' as const, 'pipe' as const, ...given.descriptors]
    this.#child = spawn(command, rest, { env: {}, windowsHide: true, stdio })
    for (const descriptor of given.descriptors) closeSync(descriptor)
    this.#child.on('error', (cause) => this.#end(crash(`the reading process did not start: ${cause.message}`)))
    this.#child.on('exit', (code, signal) => this.#end(crash(this.#lastWords(code, signal))))
    const { stdin, stdout, stderr } = this.#child as ChildProcess & {
      stdin: Writable
      stdout: Readable
      stderr: Readable
    }
    this.#input = stdin
    stdin.on('error', () => {})
    stdout.on('data', (chunk: Buffer) => this.#take(chunk))
    stderr.on('data', (chunk: Buffer) => {
      this.#stderr = (this.#stderr + chunk.toString('latin1')).slice(-KEPT_STDERR)
    })
  }

  /**
   * Starts a process and waits until it has said who it is.
   *
   * @throws Fault `reader-unavailable` when it cannot be started or is not confined
   */
  static async start(confinement: Confinement): Promise<ReaderProcess> {
    const started = new ReaderProcess(confinement)
    const fate = await started.#listen<Anomaly | undefined>(START_TIME, (finish) => ({
      message(message) {
        if (message.kind !== 'hello') throw new Fault('bad-message', 'something else than a greeting')
        started.hello = message
        finish(message.confined ? undefined : crash('the runtime did not confine the reading process'))
      },
      gone: finish,
    }))
    if (fate === undefined) {
      if (confinement.namespaces !== undefined) started.#boundMemory()
      return started
    }
    started.kill()
    throw new Fault(
      'reader-unavailable',
      `${fate.message}${started.#stderr === '' ? '' : `: ${started.#stderr.slice(-1000)}`}`,
    )
  }

  #boundMemory(): void {
    const inner = innerProcess(this.#child.pid ?? 0)
    if (inner === undefined) return
    this.#inner = inner
    boundMemory(inner)
  }

  /** Number of the process in the operating system. */
  get pid(): number | undefined {
    return this.#inner ?? this.#child.pid
  }

  /** Whether the process was given this file. */
  holds(file: string): boolean {
    return this.#files.has(file)
  }

  /** False when the process cannot be asked any more. */
  get alive(): boolean {
    return this.#fate === undefined
  }

  /** Reads one file within `wallMs` milliseconds. */
  async read(command: ReadCommand, wallMs: number): Promise<FileFacts> {
    const answered = await this.peek(command, wallMs)
    return 'kind' in answered ? unreadFacts(command, 'unknown', crash('it wants bytes that are not here')) : answered
  }

  /** The same of a file of which only pages are here; the answer may be that others are wanted. */
  async peek(command: ReadCommand, wallMs: number): Promise<FileFacts | Missing> {
    if (this.#fate !== undefined) return unreadFacts(command, 'unknown', this.#fate)
    const { path, file, ...rest } = command
    const fd = this.#files.get(file) ?? { code: 'not-readable', message: 'the process was not given it', locus: 'file' }
    if (typeof fd !== 'number') return unreadFacts(command, 'unknown', fd)
    this.#path = path
    this.#received = 0
    const answered = this.#listen<FileFacts | Missing>(wallMs, (finish) => new Answer(command, finish))
    this.#input.write(encodeFrame({ path, fd, ...rest } satisfies WireCommand))
    return answered
  }

  /** Ends the process at once. */
  kill(): void {
    this.#end(crash('the reading process was ended'))
  }

  async #listen<Result>(wallMs: number, make: (finish: (result: Result) => void) => Listener): Promise<Result> {
    let timer: NodeJS.Timeout | undefined
    const late = (): void => {
      const message = `not read within ${wallMs / 1000} s`
      timer = setTimeout(() => this.#end({ code: 'reader-timeout', message, locus: 'file' }), GRACE)
    }
    try {
      return await new Promise<Result>((resolve) => {
        this.#listener = make(resolve)
        if (this.#fate !== undefined) this.#listener.gone(this.#fate)
        timer = setTimeout(late, wallMs)
      })
    } finally {
      clearTimeout(timer)
      this.#listener = undefined
    }
  }

  #take(chunk: Buffer): void {
    if (this.#fate !== undefined) return
    this.#received += chunk.length
    try {
      if (this.#received > MOST_FACT_BYTES)
        throw new Fault('budget-facts', `facts of more than ${MOST_FACT_BYTES} bytes`)
      for (const value of this.#frames.take(chunk)) {
        if (this.#listener === undefined) throw new Fault('bad-message', 'a message that nobody asked for')
        this.#listener.message(checkMessage(value, this.#path))
      }
    } catch (thrown) {
      const nonsense = isFault(thrown) && thrown.code.startsWith('budget-') ? undefined : (thrown as Error).message
      this.#end(
        nonsense === undefined
          ? anomalyOf(thrown)
          : crash(`the reading process spoke nonsense: ${nonsense.slice(0, 300)}`),
      )
    }
  }

  #lastWords(code: number | null, signal: string | null): string {
    if (/heap out of memory|allocation failed/i.test(this.#stderr)) return 'the reading process ran out of memory'
    return `the reading process ended with ${signal ?? `code ${code}`}`
  }

  #end(why: Anomaly): void {
    if (this.#fate !== undefined) return
    this.#fate = why
    this.#child.kill('SIGKILL')
    for (const stream of [this.#child.stdin, this.#child.stdout, this.#child.stderr]) stream?.destroy()
    this.#listener?.gone(why)
  }
}
