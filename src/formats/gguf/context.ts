/**
 * What the parts of the GGUF reader pass to one another: the cursor, what was found wrong, and where we are.
 */
import { Fault, isFault } from '../../base/index.ts'
import type { AnomalyList } from '../anomaly-list.ts'
import type { Budget } from '../budget.ts'
import type { FactCollector } from '../fact-collector.ts'
import type { PageReader } from '../page-reader.ts'
import type { GgufAnomaly } from './anomalies.ts'

/** State of one reading. */
export interface GgufContext {
  readonly path: string
  /** Bytes in the file. */
  readonly size: number
  readonly cursor: PageReader
  readonly facts: FactCollector<GgufAnomaly>
  /** Those of `facts`. */
  readonly anomalies: AnomalyList<GgufAnomaly>
  readonly budget: Budget
  /** The structure that is being read, as a person would say it. */
  locus: string
  /** Its first byte. */
  offset: number
}

/** A fault that ends the walk and becomes an anomaly of that code. */
export function stop(code: GgufAnomaly, message: string): Fault {
  return new Fault(code, message)
}

/** A 64-bit size at the cursor. @throws Fault `ggf-overflow` above 2^53-1 */
export function readSize(cursor: PageReader, what: string): number {
  const value = cursor.u64()
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw stop('ggf-overflow', `${what} is ${value}, above 2^53-1`)
  return Number(value)
}

/** Runs a walk; a structural break becomes an anomaly and false. Faults of budget and source pass through. */
export function walk(context: GgufContext, step: () => void): boolean {
  try {
    step()
    return true
  } catch (thrown) {
    if (!isFault(thrown)) throw thrown
    const code = thrown.code === 'truncated' ? 'ggf-truncated' : thrown.code
    if (!code.startsWith('ggf-')) throw thrown
    context.anomalies.add(code as GgufAnomaly, thrown.message, { locus: context.locus, offset: context.cursor.at })
    return false
  }
}
