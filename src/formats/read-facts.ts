/**
 * From an opened artefact to its facts: every file read in a process of its own kind, then the files held against
 * each other.
 *
 * One confined process reads all files of an artefact, one after the other; it may read that artefact and nothing
 * else. When it dies over a file, that file is `unread`, a fresh process takes the next one, and nothing is lost but
 * that file. Files come back in the order of the artefact.
 *
 * Guarantee: a fact list for every file whatever the bytes are; a `Fault` only when no process can be started, or
 * when the caller aborts.
 */
import type { OpenedArtefact } from '../artefact/index.ts'
import { Fault, isFault } from '../base/index.ts'
import { Budget, type BudgetLimits } from './budget.ts'
import type { ArtefactFacts, AssuranceLevel, FileFacts } from './facts.ts'
import { readFromFile } from './file-source.ts'
import { crossCheck, settleDescribed, type UseFile } from './folder/index.ts'
import { HEAP_MEGABYTES } from './isolation/confinement.ts'
import type { ReadCommand } from './isolation/messages.ts'
import { findNamespaces } from './isolation/namespaces.ts'
import { prepareProgram } from './isolation/prepared-program.ts'
import { ReaderProcess } from './isolation/reader-process.ts'
import { readUntilReady } from './pending.ts'
import { anomalyOf, readFile, unreadFacts } from './read-file.ts'

/** Milliseconds in which one file must have been read, and bytes for each further one. */
const WALL_TIME = 10_000
const SLOWEST = 200_000

/** How far the reading has come. */
export interface ReadProgress {
  /** The file that was read last. */
  readonly path: string
  /** Files read so far, of `total`. */
  readonly done: number
  readonly total: number
}

/** How to read. */
export interface ReadOptions {
  /** `process` (the default) confines the readers; `in-process` is for tests and for bytes that are trusted. */
  readonly isolation?: 'process' | 'in-process'
  /** False does without namespaces even where the system has them. */
  readonly namespaces?: boolean
  /** Limits of each file, where they differ from those that ship. */
  readonly limits?: Partial<BudgetLimits>
  /** Milliseconds for one file, and one more for each 200 kB of it; 10,000 unless told. */
  readonly wallMs?: number
  /** Megabytes of heap of the reading process. */
  readonly heapMegabytes?: number
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: ReadProgress) => void
}

/** Files that one reading process is given; for the next ones another is started. */
const BATCH = 256

type Readers = ArtefactFacts['readers']

/** Reads files one after the other. */
interface FileReading {
  readonly assurance: AssuranceLevel
  readers(): Readers
  read(command: ReadCommand): Promise<FileFacts>
  close(): void
}

async function readingHere(): Promise<FileReading> {
  const { READERS } = await import('./registry.ts')
  return {
    assurance: 'in-process',
    readers: () => READERS.map(({ format, version }) => ({ format, version })),
    read: async ({ path, file, size, limits }) => {
      try {
        return await readUntilReady(() => {
          const budget = new Budget(limits)
          return readFromFile({ path: file, size, budget }, (source) => readFile({ path, source, budget }, READERS))
        })
      } catch (thrown) {
        return unreadFacts({ path, size }, 'unknown', anomalyOf(thrown))
      }
    },
    close: () => {},
  }
}

/** Milliseconds that a file may take: members of archives are read to the last byte, for their checksums. */
function wallTime({ size }: ReadCommand, { wallMs = WALL_TIME }: ReadOptions): number {
  return wallMs + Math.floor(size / SLOWEST)
}

async function readingApart(files: readonly string[], options: ReadOptions): Promise<FileReading> {
  const heapMegabytes = options.heapMegabytes ?? HEAP_MEGABYTES
  const program = await prepareProgram()
  const namespaces = options.namespaces === false ? undefined : findNamespaces()
  const start = (from: number): Promise<ReaderProcess> =>
    ReaderProcess.start({ program, files: files.slice(from, from + BATCH), heapMegabytes, namespaces })
  let current = await start(0)
  const { readers } = current.hello
  const abort = (): void => current.kill()
  options.signal?.addEventListener('abort', abort)
  return {
    assurance: namespaces === undefined ? 'process-permissions' : 'namespaces',
    readers: () => readers,
    read: async (command) => {
      if (!current.alive || !current.holds(command.file)) {
        current.kill()
        current = await start(files.indexOf(command.file))
      }
      return current.read(command, wallTime(command, options))
    },
    close: () => {
      options.signal?.removeEventListener('abort', abort)
      current.kill()
    },
  }
}

function checkAbort(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw new Fault('aborted', 'reading was stopped', { cause: signal.reason })
}

/** Files that others describe, held against what is said of them; a file that cannot be opened stays as it was. */
function settle(files: readonly FileFacts[], opened: OpenedArtefact): readonly FileFacts[] {
  const sizes = new Map(files.map(({ path, size }) => [path, size]))
  const use: UseFile = (path, run) =>
    readFromFile({ path: opened.locate(path), size: sizes.get(path) ?? 0, budget: new Budget() }, run)
  try {
    return settleDescribed(files, use)
  } catch (thrown) {
    if (!isFault(thrown)) throw thrown
    return files
  }
}

/**
 * Reads every file of an artefact; see the module.
 *
 * @throws Fault `reader-unavailable` when no confined process can be started, `aborted`
 */
export async function readFacts(opened: OpenedArtefact, options: ReadOptions = {}): Promise<ArtefactFacts> {
  const { artefact } = opened
  checkAbort(options.signal)
  const commands = artefact.files.map(({ path, size }): ReadCommand => {
    return { path, file: opened.locate(path), size, limits: options.limits ?? {} }
  })
  const isApart = options.isolation !== 'in-process'
  const reading = isApart
    ? await readingApart(
        commands.map(({ file }) => file),
        options,
      )
    : await readingHere()
  try {
    const files: FileFacts[] = []
    for (const [index, command] of commands.entries()) {
      const { members = [], ...facts } = await reading.read(command)
      files.push(facts, ...members)
      checkAbort(options.signal)
      options.onProgress?.({ path: command.path, done: index + 1, total: commands.length })
    }
    const settled = settle(files, opened)
    const { assurance } = reading
    const readers = reading.readers()
    return {
      schema: 'tidewaiter/facts/v1',
      artefact: artefact.id,
      files: settled,
      anomalies: crossCheck(settled),
      assurance,
      readers,
    }
  } finally {
    reading.close()
  }
}
