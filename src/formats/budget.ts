/**
 * Budgets: how much one file may cost before the answer is "inconclusive".
 *
 * Declared counts are lies until bytes stand behind them, so loops are driven by bytes that exist, and what a file
 * may use of them is bounded here. An exhausted budget is a `Fault` whose code begins with `budget-`.
 */
import { Fault } from '../base/index.ts'

/** Limits of one file. */
export interface BudgetLimits {
  /** Bytes read from the source, re-reads included. */
  readonly bytes: number
  readonly reads: number
  /** Tensors, metadata entries, opcodes and list items that become facts. */
  readonly items: number
  /** Nesting of whatever nests within a file. */
  readonly depth: number
  /** Files within the file, and within those. */
  readonly members: number
  /** Files within files within files. */
  readonly nesting: number
  /** Bytes that come out of compressed members. */
  readonly unpacked: number
}

/** Limits that ship: 512 MiB of structure, 1 M reads, 4 M items, 64 levels; 10,000 members, 8 deep, 1 GiB unpacked. */
export const DEFAULT_LIMITS: BudgetLimits = {
  bytes: 512 * 1024 * 1024,
  reads: 1_000_000,
  items: 4_000_000,
  depth: 64,
  members: 10_000,
  nesting: 8,
  unpacked: 1024 * 1024 * 1024,
}

/** Counts what was used; see {@link BudgetLimits}. */
export class Budget {
  readonly limits: BudgetLimits
  #bytes = 0
  #content = 0
  #reads = 0
  #items = 0
  #members = 0
  #unpacked = 0

  constructor(limits: Partial<BudgetLimits> = {}) {
    this.limits = { ...DEFAULT_LIMITS, ...limits }
  }

  /** Spends one read of `bytes`. @throws Fault `budget-bytes`, `budget-reads` */
  spendRead(bytes: number): void {
    this.#bytes += bytes
    this.#reads += 1
    if (this.#bytes > this.limits.bytes)
      throw new Fault('budget-bytes', `more than ${this.limits.bytes} bytes of structure`)
    if (this.#reads > this.limits.reads) throw new Fault('budget-reads', `more than ${this.limits.reads} reads`)
  }

  /** Spends a read of content, of which there may be any amount. @throws Fault `budget-reads` */
  spendContent(bytes: number): void {
    this.#content += bytes
    this.#reads += 1
    if (this.#reads > this.limits.reads) throw new Fault('budget-reads', `more than ${this.limits.reads} reads`)
  }

  /** Spends items. @throws Fault `budget-items` */
  spendItems(count = 1): void {
    this.#items += count
    if (this.#items > this.limits.items) throw new Fault('budget-items', `more than ${this.limits.items} items`)
  }

  /** Checks a depth. @throws Fault `budget-depth` */
  checkDepth(depth: number): void {
    if (depth > this.limits.depth) throw new Fault('budget-depth', `nested deeper than ${this.limits.depth} levels`)
  }

  /** Spends one member that lies in `nesting` containers. @throws Fault `budget-members`, `budget-nesting` */
  spendMember(nesting: number): void {
    const { members, nesting: deepest } = this.limits
    if (nesting > deepest) throw new Fault('budget-nesting', `a file inside more than ${deepest} others`)
    if (++this.#members > members) throw new Fault('budget-members', `more than ${members} files within one`)
  }

  /** Spends bytes that were unpacked. @throws Fault `budget-unpacked` */
  spendUnpacked(bytes: number): void {
    this.#unpacked += bytes
    if (this.#unpacked > this.limits.unpacked)
      throw new Fault('budget-unpacked', `more than ${this.limits.unpacked} bytes come out of compressed parts`)
  }

  /** What was used so far. */
  get cost(): {
    readonly bytesRead: number
    /** Bytes of content that were digested, not read as structure. */
    readonly content: number
    readonly reads: number
    readonly items: number
  } {
    return { bytesRead: this.#bytes, content: this.#content, reads: this.#reads, items: this.#items }
  }
}
