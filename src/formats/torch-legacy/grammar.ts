/**
 * The form of what torch.save wrote before 1.6, and still writes when it is asked to.
 *
 * Five pickles one after another: a magic number, the number of the protocol, a dict about the machine, the object, and
 * the list of the keys of the storages. Then the storages in the order of that list: the number of elements in eight
 * bytes, and the elements.
 *
 * Source: `torch/serialization.py`, `_legacy_save` and `_legacy_load`, 1.0 to 2.9.
 */
import { isFault } from '../../base/index.ts'
import { Budget } from '../budget.ts'
import type { ByteSource } from '../byte-source.ts'
import { memorySource } from '../memory-source.ts'
import { findStop } from '../pickle/nested.ts'
import type { Confidence, Glimpse } from '../reader.ts'
import { readIntegerStream } from '../torch/literal-streams.ts'

/** What the first pickle holds. */
export const MAGIC = 0x1950a86a20f9469cfc6cn
/** What the second one holds. */
export const PROTOCOL = 1001n
/** Opcodes with which a pickle may begin whose number is computed. */
const SHORTEST = 8

/** True when the first pickle of a source is the magic number as a literal. */
export function hasLiteralMagic(source: ByteSource): boolean {
  return readIntegerStream(source, 0)?.value === MAGIC
}

/** Where the first pickle ends, when the second is the number of the protocol: then the first must give the magic. */
function hasProtocolSecond(source: ByteSource): boolean {
  const end = findStop(source, 0)
  return end !== undefined && end < source.size && readIntegerStream(source, end)?.value === PROTOCOL
}

/** See the module. A file whose magic is computed is one as well: torch.load looks only at what comes out. */
export function sniffTorchLegacy({ head }: Glimpse): Confidence {
  if (head.length < SHORTEST) return null
  const source = memorySource(head, new Budget())
  try {
    return hasLiteralMagic(source) || hasProtocolSecond(source) ? 'magic' : null
  } catch (thrown) {
    if (isFault(thrown)) return null
    throw thrown
  }
}
