/**
 * Holds the status list that is served against the log: whoever withholds a revocation, or invents one, is found out.
 *
 * The list is fetched before the log is asked, so that an honest list never knows more of the log than the log shows. It
 * names a state of the log; that state has to be a beginning of what was read, and each bit has to follow from the leaves
 * up to it, at the time of issue. A list that goes back behind one that was seen is an alarm, and so is one that is too old.
 */
import { canonicalJson, isFault, parseStrictJson, toSize, type Clock, type Fault } from '../../base/index.ts'
import {
  compareStatusLists,
  readCheckpoint,
  recomputeStatusList,
  toHex,
  type Docket,
  type TrustedKey,
} from '../../certificate/index.ts'
import {
  hashesFromTiles,
  nodeCryptography,
  proveConsistency,
  tilesOf,
  verifyConsistency,
  type Alarm,
  type LeafObserver,
  type LogReader,
} from '../../log/index.ts'
import { statusSource, type OpenedStatusList } from '../../verify.ts'

const NAME = 'status'
const DAY = 24 * 60 * 60 * 1000
/** Differences that are told one by one. */
const MOST_TOLD = 10

/** What a list was asked for, and what is known of the log. */
export interface WatchedLog {
  readonly origin: string
  /** The last checkpoint, all of whose leaves were read. */
  readonly note: string
  readonly read: LogReader
  readonly dockets: Iterable<Docket>
}

/** Where the list is, and who may sign it. */
export interface StatusWatchParts {
  readonly fetchList: () => Promise<Uint8Array>
  readonly trustedKeys: readonly TrustedKey[]
  readonly clock: Clock
}

/** See the module. It is an observer only to keep what it has seen. */
export class StatusWatch implements LeafObserver {
  readonly name = NAME
  readonly #parts: StatusWatchParts
  /** Most leaves that a list reflected. */
  #seen: number

  /** A new one, or one that goes on from what it saved. @throws Fault those of JSON */
  constructor(parts: StatusWatchParts, saved?: string) {
    this.#parts = parts
    const state = saved === undefined ? 0 : parseStrictJson(Buffer.from(saved), { maxBytes: 100 })
    this.#seen = typeof state === 'number' ? state : 0
  }

  observe(): readonly [] {
    return []
  }

  save(): string {
    return canonicalJson(this.#seen)
  }

  /** Fetches the list; the answer is compared when the log has been read. */
  fetch(): Promise<Uint8Array | Fault> {
    return this.#parts.fetchList().catch((thrown: unknown) => {
      if (isFault(thrown)) return thrown
      throw thrown
    })
  }

  /** What is wrong with a list that was fetched before the log was read. */
  async compare(fetched: Uint8Array | Fault, log: WatchedLog): Promise<readonly Alarm[]> {
    if (isFault(fetched)) return [{ code: 'unreachable', who: NAME, message: fetched.message, notes: [] }]
    const { trustedKeys, clock } = this.#parts
    const bundle = Buffer.from(fetched).toString('utf8').slice(0, 65_536)
    const alarm = (message: string): Alarm => ({ code: 'status', who: NAME, message, notes: [bundle, log.note] })
    try {
      const options = { now: clock.now(), cryptography: nodeCryptography, trustedKeys }
      const list = await statusSource(fetched, options).open()
      const messages = [...this.#judgeAge(list), ...(await judgeState(list, log)), ...judgeBits(list, log)]
      this.#seen = Math.max(this.#seen, list.checkpoint.size)
      return messages.map(alarm)
    } catch (thrown) {
      if (!isFault(thrown)) throw thrown
      return [alarm(`the status list is refused (${thrown.code}): ${thrown.message}`)]
    }
  }

  #judgeAge({ issuedAt, checkpoint }: OpenedStatusList): readonly string[] {
    const issued = new Date(issuedAt).toISOString()
    const old = this.#parts.clock.now() - issuedAt > DAY ? [`the list is of ${issued}: nobody may rely on it`] : []
    if (checkpoint.size >= this.#seen) return old
    return [...old, `the list is of ${checkpoint.size} entries; one of ${this.#seen} was served before`]
  }
}

/** Whether the state that a list names is a beginning of the log. */
async function judgeState(
  { checkpoint }: OpenedStatusList,
  { origin, note, read }: WatchedLog,
): Promise<readonly string[]> {
  const current = readCheckpoint(note)
  const [from, to] = [checkpoint.size, toSize(current.size)]
  if (checkpoint.origin !== origin) return [`the list is of the log ${checkpoint.origin}`]
  if (from > to) return [`the list reflects ${from} entries; the log shows ${to}`]
  if (from === 0) return []
  if (from === to)
    return checkpoint.root === toHex(current.root)
      ? []
      : [`the list names another root of ${from} entries than the log`]
  const hashes = await proveConsistency(from, to, hashesFromTiles(to, tilesOf(read)))
  try {
    verifyConsistency({ from, to, fromRoot: Buffer.from(checkpoint.root, 'hex'), toRoot: current.root, hashes })
    return []
  } catch (thrown) {
    if (!isFault(thrown, 'consistency')) throw thrown
    return [`the list names a root of ${from} entries that the log never had`]
  }
}

/** Whether each bit follows from the leaves. */
function judgeBits({ list, bits, checkpoint, issuedAt }: OpenedStatusList, { dockets }: WatchedLog): readonly string[] {
  const scope = { list, entries: bits.entries, size: checkpoint.size, at: issuedAt }
  const { count, differences } = compareStatusLists(bits, recomputeStatusList(dockets, scope))
  const told = differences
    .slice(0, MOST_TOLD)
    .map(({ index, stated, logged }) => `place ${index} of ${list}: the list says ${stated}, the log ${logged}`)
  return count > told.length ? [...told, `and ${count - told.length} more places`] : told
}
