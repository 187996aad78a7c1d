/**
 * What files were when they were signed, so that a later signing need not read again what did not change.
 *
 * A record holds no digest: it says of each file which inode it was, how long, and when it was last written and changed,
 * to the nanosecond. Digests come from the signed manifest that the record belongs to. A forged record could therefore
 * only say that a file is still what it was; to forbid even that, records lie in a folder of mode 0700 that is ours,
 * beside the signing key, and a record that others could have written is refused (docs/adr/0030).
 *
 * A file that was changed within two seconds before it was recorded is left out: its clock has ticks, and a change in
 * the same tick would not show. When the clock has gone back behind the record, the record says nothing.
 *
 * Limit: file systems that keep no time of change (FAT, some network shares) do not tell of a change that restores size
 * and time; there a full signing is due. Whoever is root can forge anything here, as they can read the key.
 */
import { chmodSync, lstatSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { canonicalJson, Fault, formatTime, isStrictObject, parseStrictJson, type Clock } from '../../base/index.ts'
import { writeWhole } from '../write-whole.ts'

const SCHEMA = 'tidewaiter/stat-record/v1'
const LARGEST = 512 * 1024 * 1024
const OTHERS = 0o077
/** Milliseconds that a change must lie back to be told from the next one. */
const SETTLED = 2000

/** The records of one installation. */
export interface StatRecords {
  readonly folder: string
  readonly clock: Clock
}

/** Stamps by path, as intake takes them. */
export type Stamps = ReadonlyMap<string, string>

function refuse(path: string, why: string): never {
  throw new Fault('record-exposed', `${path} ${why}, so it may have been forged; sign without --incremental`)
}

function ensureOurs(path: string): void {
  const { mode, uid } = lstatSync(path)
  if ((mode & OTHERS) !== 0) refuse(path, `has mode 0${(mode & 0o777).toString(8)}`)
  if (process.getuid !== undefined && uid !== process.getuid()) refuse(path, 'belongs to another user')
}

/** True when whatever happened to the file happened well before `at`, in ms since 1970. */
function isSettled(stamp: string, at: number): boolean {
  const [written = '', changed = ''] = stamp.split(' ').slice(-2)
  return [written, changed].every((ns) => BigInt(ns) / 1_000_000n < BigInt(at - SETTLED))
}

function pathOf({ folder }: StatRecords, payload: string): string {
  return join(folder, `${payload}.json`)
}

/** Keeps the stamps of files under the SHA-256 of the payload that was signed over them. @throws Fault `cannot-write`, `record-exposed` */
export function keepStamps(records: StatRecords, payload: string, stamps: Stamps): void {
  const madeAt = records.clock.now()
  const files = Object.fromEntries([...stamps].filter(([, stamp]) => isSettled(stamp, madeAt)))
  mkdirSync(records.folder, { recursive: true, mode: 0o700 })
  ensureOurs(records.folder)
  const path = pathOf(records, payload)
  writeWhole(path, canonicalJson({ schema: SCHEMA, payload, madeAt: formatTime(madeAt), files }), 0o600)
  chmodSync(path, 0o600)
}

function readRecord(path: string): string | undefined {
  try {
    ensureOurs(path)
    return readFileSync(path, 'utf8')
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw thrown
  }
}

/**
 * The stamps that were kept for a payload; none when there are none, or when the clock stands before they were kept.
 *
 * @throws Fault `record-exposed`, `record-unreadable`
 */
export function readStamps(records: StatRecords, payload: string): Stamps {
  const path = pathOf(records, payload)
  const text = readRecord(path)
  if (text === undefined) return new Map()
  ensureOurs(records.folder)
  const value = parseStrictJson(new TextEncoder().encode(text), { maxBytes: LARGEST })
  const [schema, of, madeAt, files] = ['schema', 'payload', 'madeAt', 'files'].map((name) =>
    isStrictObject(value) ? value.get(name) : undefined,
  )
  if (schema !== SCHEMA || of !== payload || typeof madeAt !== 'string' || !isStrictObject(files))
    throw new Fault('record-unreadable', `${path} is not the record that its name says; delete it`)
  if (!(Date.parse(madeAt) <= records.clock.now())) return new Map()
  return new Map([...files].filter((pair): pair is [string, string] => typeof pair[1] === 'string'))
}
