/**
 * Facts of files of which only parts are here: a first look at what would have to be fetched.
 *
 * The confined process reads the pages that are there; when it wants others it says so, they are fetched, and it reads
 * again from the start, since readers are pure functions of the bytes. What was seen can speak against a file. It can
 * never speak for it: the bytes that were not fetched may hold anything, and no digest binds those that were.
 *
 * Guarantee: no file is `full`; each ends with facts, whatever the server and the file do.
 */
import { isFault } from '../base/index.ts'
import type { ArtefactFacts, FileFacts } from './facts.ts'
import { crossCheck } from './folder/index.ts'
import { HEAP_MEGABYTES } from './isolation/confinement.ts'
import { findNamespaces } from './isolation/namespaces.ts'
import { prepareProgram } from './isolation/prepared-program.ts'
import { ReaderProcess } from './isolation/reader-process.ts'
import { anomalyOf, unreadFacts } from './read-file.ts'

const WALL_TIME = 10_000
/** How often one file may ask for more. */
const MOST_ROUNDS = 1024

/** A file of which parts are here. */
export interface PartialFile {
  /** Path within the artefact. */
  readonly path: string
  /** Absolute path of a sparse file of the whole length. */
  readonly file: string
  readonly size: number
  /** The ranges [from, to) that are here. */
  readonly pages: readonly (readonly [from: number, to: number])[]
  /** Brings a range here. @throws Fault when it cannot be had */
  fetch(from: number, to: number): Promise<void>
}

/** Facts as far as the structure shows them, and of which files it was seen whole. */
export interface PeekedFacts {
  readonly facts: ArtefactFacts
  /** Paths of files whose structure was read to its end. */
  readonly seen: ReadonlySet<string>
}

function unfetched(file: PartialFile, thrown: unknown): FileFacts {
  const message = isFault(thrown) ? thrown.message : String(thrown)
  return unreadFacts(file, 'unknown', { ...anomalyOf(thrown), code: 'peek-unfetched', message })
}

async function peekFile(file: PartialFile, process: () => Promise<ReaderProcess>): Promise<FileFacts> {
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const { path, file: place, size, pages } = file
    const answered = await (await process()).peek({ path, file: place, size, limits: {}, pages }, WALL_TIME)
    if (!('kind' in answered)) return answered
    try {
      await file.fetch(answered.from, answered.to)
    } catch (thrown) {
      if (isFault(thrown, 'aborted')) throw thrown
      return unfetched(file, thrown)
    }
  }
  return unreadFacts(file, 'unknown', { code: 'reader-timeout', message: 'it never has enough', locus: 'file' })
}

/** Takes back that anything was read in full. */
function asPeeked(facts: FileFacts): FileFacts {
  if (facts.reading !== 'full') return facts
  return { ...facts, reading: 'listed', reason: 'only its structure was looked at; its bytes were not fetched' }
}

/**
 * Peeks into files, one after the other.
 *
 * @param id stands for the artefact in the facts
 * @throws Fault `reader-unavailable`, `aborted`
 */
export async function peekFacts(id: string, files: readonly PartialFile[]): Promise<PeekedFacts> {
  const namespaces = findNamespaces()
  const program = await prepareProgram()
  let current: ReaderProcess | undefined
  const process = async (): Promise<ReaderProcess> => {
    if (current?.alive === true) return current
    const given = files.map(({ file }) => file)
    current = await ReaderProcess.start({ program, files: given, heapMegabytes: HEAP_MEGABYTES, namespaces })
    return current
  }
  const found: FileFacts[] = []
  const seen = new Set<string>()
  try {
    for (const file of files) {
      const { members = [], ...facts } = await peekFile(file, process)
      if ([facts, ...members].every(({ reading }) => reading === 'full')) seen.add(file.path)
      found.push(asPeeked(facts), ...members.map(asPeeked))
    }
    const readers = (await process()).hello.readers
    const assurance = namespaces === undefined ? 'process-permissions' : 'namespaces'
    const anomalies = crossCheck(found)
    return { facts: { schema: 'tidewaiter/facts/v1', artefact: id, files: found, anomalies, assurance, readers }, seen }
  } finally {
    current?.kill()
  }
}
