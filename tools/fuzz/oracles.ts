/**
 * Python's unpicklers, kept running: batches go in, outcomes come out.
 *
 * A stream can take an interpreter down (a stack overflow in C, more memory than allowed) or keep it busy. Then the
 * batch is halved until the stream is found; its outcomes are `crashed`, all others are as they were.
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { packBatch, parseAnswers, type Outcome } from './frames.ts'
import type { Stream } from './generate.ts'

/** Outcomes of one stream, by the name of the semantics. */
export type Outcomes = ReadonlyMap<string, Outcome>

const MOST_SECONDS = 20
const CRASHED: Outcome = { finished: false, globals: [], events: [], result: 'crashed', end: -1 }

/** An interpreter that answers. */
interface Interpreter {
  readonly id: string
  readonly program: string
  readonly words: readonly string[]
  readonly semantics: readonly string[]
}

const SEMANTICS = ['bytes', 'file', 'peek', 'python'] as const

function interpreters(python: string): readonly Interpreter[] {
  const semantics = SEMANTICS
  return [
    { id: 'cpython', program: python, words: ['-I', '-S', join(import.meta.dirname, 'oracle.py')], semantics },
    { id: 'pyodide', program: process.execPath, words: [join(import.meta.dirname, 'pyodide-oracle.ts')], semantics },
  ]
}

/** One interpreter with its process. */
class Running {
  readonly #interpreter: Interpreter
  #child: ChildProcess | undefined
  #wake: (() => void) | undefined
  #data: Buffer = Buffer.alloc(0)
  #ended = false
  version = ''

  constructor(interpreter: Interpreter) {
    this.#interpreter = interpreter
  }

  async start(): Promise<void> {
    const child = spawn(this.#interpreter.program, this.#interpreter.words, { stdio: ['pipe', 'pipe', 'ignore'] })
    this.#child = child
    this.#data = Buffer.alloc(0)
    this.#ended = false
    child.stdin.on('error', () => {})
    child.stdout.on('data', (data: Buffer) => {
      this.#data = Buffer.concat([this.#data, data])
      this.#wake?.()
    })
    const end = (): void => {
      if (this.#child !== child) return
      this.#ended = true
      this.#wake?.()
    }
    child.on('error', end).on('close', end)
    const greeting = await this.#receive()
    if (greeting === undefined) throw new Error(`${this.#interpreter.program} does not start`)
    this.version = (JSON.parse(greeting) as { readonly python: string }).python
  }

  async #take(length: number): Promise<Buffer | undefined> {
    const deadline = setTimeout(() => this.#child?.kill('SIGKILL'), MOST_SECONDS * 1000)
    while (this.#data.length < length && !this.#ended)
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    clearTimeout(deadline)
    if (this.#data.length < length) return undefined
    const taken = this.#data.subarray(0, length)
    this.#data = this.#data.subarray(length)
    return taken
  }

  async #receive(): Promise<string | undefined> {
    const head = await this.#take(4)
    return head === undefined ? undefined : (await this.#take(head.readUInt32LE()))?.toString('utf8')
  }

  /** Outcomes of each stream. */
  async run(streams: readonly Stream[]): Promise<readonly Outcomes[]> {
    const batch = packBatch(streams)
    const head = Buffer.alloc(4)
    head.writeUInt32LE(batch.length)
    this.#child?.stdin?.write(Buffer.concat([head, batch]))
    const answer = await this.#receive()
    if (answer !== undefined) return parseAnswers(answer).map((each) => this.#name(each))
    await this.start()
    if (streams.length === 1) return [this.#name(SEMANTICS.map(() => CRASHED))]
    const half = streams.length >> 1
    return [...(await this.run(streams.slice(0, half))), ...(await this.run(streams.slice(half)))]
  }

  #name(outcomes: readonly (Outcome | null)[]): Outcomes {
    const { id, semantics } = this.#interpreter
    return new Map(
      semantics.flatMap((name, i) => {
        const outcome = outcomes[i]
        return outcome === null || outcome === undefined ? [] : [[`${id} ${this.version} ${name}`, outcome] as const]
      }),
    )
  }

  stop(): void {
    this.#child?.kill()
  }
}

/** All interpreters. */
export interface Oracles {
  readonly versions: readonly string[]
  run(streams: readonly Stream[]): Promise<readonly Outcomes[]>
  stop(): void
}

/** Starts CPython and, unless told otherwise, Pyodide. @throws Error when one of them cannot be started */
export async function startOracles(python = 'python3', { pyodide = true } = {}): Promise<Oracles> {
  const wanted = interpreters(python).filter(({ id }) => pyodide || id !== 'pyodide')
  const running = wanted.map((each) => new Running(each))
  await Promise.all(running.map((each) => each.start()))
  return {
    versions: running.map(({ version }) => version),
    run: async (streams) => {
      const all = await Promise.all(running.map((each) => each.run(streams)))
      return streams.map((_, i) => new Map(all.flatMap((each) => [...(each[i] ?? [])])))
    },
    stop: () => {
      for (const each of running) each.stop()
    },
  }
}
