/**
 * The status list of this installation: computed from the leaves of its log, never from the register, and signed.
 *
 * A list is made anew when the log says something else than the last one, and each minute for its age; between, the same
 * bytes are handed out. A monitor computes the same bits from the same leaves.
 */
import {
  describeStatusList,
  equalBytes,
  isRegisterLeaf,
  MIN_ENTRIES,
  predicateTypeOf,
  readRegisterLeaf,
  recomputeStatusList,
  recordLeaf,
  signStatement,
  STATUSES,
  toHex,
  type Docket,
  type SigningKey,
  type Status,
  type StatusBits,
} from '../../certificate/index.ts'
import { Fault, isFault, type Clock } from '../../base/index.ts'
import { hashLeaf, readBundle, readerOf, TILE_WIDTH, tileWidth, type TransparencyLog } from '../../log/index.ts'
import type { MayIssue } from './issuers.ts'

/** The status list of this installation. */
export const STATUS_LIST = 'status-1'
/** Milliseconds after which a list is signed anew for its age. */
const ANEW_AFTER = 60_000

/** What lists are made of. */
export interface StatusListParts {
  readonly log: TransparencyLog
  readonly signer: SigningKey
  readonly mayIssue: MayIssue
  readonly clock: Clock
}

/** A signed list. */
export interface SignedStatusList {
  /** The bundle. */
  readonly bundle: string
  readonly bits: StatusBits
  /** Leaves of the log that it reflects. */
  readonly size: number
  /** ms since 1970. */
  readonly issuedAt: number
}

/** How many certificates have each status but `valid`. */
export function countStatuses({ bytes, entries }: StatusBits): Readonly<Record<Status, number>> {
  const counts = { valid: entries, suspended: 0, revoked: 0, superseded: 0 }
  for (const byte of bytes) {
    for (let rest = byte; rest > 0; rest = Math.floor(rest / 4)) {
      const status = STATUSES[(rest % 4) as 0 | 1 | 2 | 3]
      if (status === undefined || status === 'valid') continue
      counts[status] += 1
      counts.valid -= 1
    }
  }
  return counts
}

/** All dockets of a log, as far as it was read. */
class DocketsOfLog {
  readonly #dockets = new Map<string, Docket>()
  readonly #mayIssue: MayIssue
  #size = 0

  constructor(mayIssue: MayIssue) {
    this.#mayIssue = mayIssue
  }

  #take(index: number, bytes: Uint8Array): void {
    if (!isRegisterLeaf(bytes)) return
    try {
      const logged = { index, hash: toHex(hashLeaf(bytes)), leaf: readRegisterLeaf(bytes) }
      const { modelId } = logged.leaf
      const before = this.#dockets.get(modelId)
      this.#dockets.set(modelId, recordLeaf(before, logged, { mayIssue: this.#mayIssue }).docket)
    } catch (thrown) {
      if (!isFault(thrown)) throw thrown
    }
  }

  /** Reads on up to `size` leaves. @throws Fault those of tiles */
  async readTo({ store }: TransparencyLog, size: number): Promise<void> {
    while (this.#size < size) {
      const index = Math.floor(this.#size / TILE_WIDTH)
      const width = tileWidth({ level: 0, index }, size)
      const leaves = await readBundle(readerOf(store), { index, width })
      for (let at = this.#size % TILE_WIDTH; at < width; at++) this.#take(this.#size++, leaves[at] ?? new Uint8Array())
    }
  }

  /** @param at ms since 1970 */
  bits(size: number, at: number): StatusBits {
    return recomputeStatusList(this.#dockets.values(), { list: STATUS_LIST, entries: MIN_ENTRIES, size, at })
  }
}

/** See the module. */
export class OwnStatusList {
  readonly #parts: StatusListParts
  readonly #dockets: DocketsOfLog
  #last: SignedStatusList | undefined
  #making: Promise<SignedStatusList> | undefined

  /** @throws Fault `role` when the signer may not sign status lists */
  constructor(parts: StatusListParts) {
    this.#parts = parts
    this.#dockets = new DocketsOfLog(parts.mayIssue)
    const { signer, mayIssue, clock } = parts
    if (!mayIssue(signer.keyId, predicateTypeOf('status-list'), clock.now()))
      throw new Fault('role', `the key ${signer.keyId} may not sign status lists; name one that may by --signer`)
  }

  /** The list as it stands now. @throws Fault those of signing and of the log */
  async current(): Promise<SignedStatusList> {
    this.#making ??= this.#make().finally(() => (this.#making = undefined))
    return this.#making
  }

  async #make(): Promise<SignedStatusList> {
    const { log, clock, signer } = this.#parts
    const { published } = await log.state()
    const last = this.#last
    const now = clock.now()
    const isYoung = last !== undefined && now - last.issuedAt < ANEW_AFTER
    if (isYoung && published.size === last.size) return last
    await this.#dockets.readTo(log, published.size)
    const issuedAt = Math.floor(now / 1000) * 1000
    const bits = this.#dockets.bits(published.size, issuedAt)
    if (isYoung && equalBytes(bits.bytes, last.bits.bytes)) return last
    const checkpoint = { origin: log.origin, size: published.size, root: toHex(published.root) }
    const statement = await describeStatusList({
      list: STATUS_LIST,
      bits,
      checkpoint,
      issuer: { keyId: signer.keyId },
      issuedAt,
    })
    const { bundle } = await signStatement(statement, signer)
    this.#last = { bundle, bits, size: published.size, issuedAt }
    return this.#last
  }
}
