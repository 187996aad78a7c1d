/** A look into a certificate without verifying it: for the pages of the register that issued it, and for nothing else. */
import { isFault } from '../base/index.ts'
import { readBundle, type Bundle } from './bundle.ts'
import { readCheckpoint } from './checkpoint.ts'
import { CLEARANCE_TYPE, readClearance, type Clearance } from './clearance.ts'
import { toUtf8 } from './encoding.ts'
import { writeTlogProof } from './notes/tlog-proof.ts'
import { readStatement } from './statement.ts'

function peek<Value>(bundle: string, read: (inside: Bundle) => Value): Value | undefined {
  try {
    return read(readBundle(toUtf8(bundle)))
  } catch (thrown) {
    if (isFault(thrown)) return undefined
    throw thrown
  }
}

/** What the clearance in a bundle says; undefined when it is none that can be read. Proves nothing. */
export function readUnverified(bundle: string): Clearance | undefined {
  return peek(bundle, ({ content }) => {
    if (content.kind !== 'envelope') return undefined
    const { predicateType, predicate } = readStatement(content.payload)
    return predicateType === CLEARANCE_TYPE ? readClearance(predicate) : undefined
  })
}

/** Id of the log in which a bundle says that it stands; undefined when it names none. Proves nothing. */
export function logIdInside(bundle: string): Uint8Array | undefined {
  return peek(bundle, ({ logEntries: [entry] }) => entry?.logId)
}

/** Origin of the log whose checkpoint a bundle carries; undefined when it has none. Proves nothing. */
export function originInside(bundle: string): string | undefined {
  return peek(bundle, ({ logEntries: [entry] }) =>
    entry === undefined ? undefined : readCheckpoint(entry.proof.checkpoint).origin,
  )
}

/** The log entry of a bundle as the text of a C2SP tlog-proof; undefined when it has none. Proves nothing by itself. */
export function proofInside(bundle: string): string | undefined {
  return peek(bundle, ({ logEntries: [entry] }) => {
    if (entry === undefined) return undefined
    const { logIndex: index, hashes, checkpoint } = entry.proof
    return writeTlogProof({ extra: undefined, index, hashes, checkpoint })
  })
}
