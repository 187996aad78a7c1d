/** A look into a certificate without verifying it: for the pages of the register that issued it, and for nothing else. */
import { isFault } from '../base/index.ts'
import { readBundle } from './bundle.ts'
import { CLEARANCE_TYPE, readClearance, type Clearance } from './clearance.ts'
import { toUtf8 } from './encoding.ts'
import { readStatement } from './statement.ts'

/** What the clearance in a bundle says; undefined when it is none that can be read. Proves nothing. */
export function readUnverified(bundle: string): Clearance | undefined {
  try {
    const { content } = readBundle(toUtf8(bundle))
    if (content.kind !== 'envelope') return undefined
    const { predicateType, predicate } = readStatement(content.payload)
    return predicateType === CLEARANCE_TYPE ? readClearance(predicate) : undefined
  } catch (thrown) {
    if (isFault(thrown)) return undefined
    throw thrown
  }
}
