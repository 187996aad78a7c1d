/**
 * Is it a pickle?
 *
 * From protocol 2 on, PROTO and the opcodes after it say so. Protocols 0 and 1 have no signature: a file is taken
 * for one of them when its head is nothing but opcodes with canonical arguments, and enough of them.
 */
import { isFault } from '../../base/index.ts'
import { Budget } from '../budget.ts'
import { memorySource } from '../memory-source.ts'
import { PageReader } from '../page-reader.ts'
import type { Confidence, Glimpse } from '../reader.ts'
import { readLines } from './arguments.ts'
import { isCanonical } from './canonical.ts'
import { isPlainName } from './global-names.ts'
import { OpcodeStream } from './opcode-stream.ts'

const PROTO = 0x80
const HIGHEST = 5
const ENOUGH = 16
const MOST = 256
/** Opcodes that are enough after PROTO has said what the file is. */
const FEW = 2

interface Walked {
  /** Opcodes that were read. */
  readonly count: number
  /** Those of them that no line of text begins. */
  readonly telling: number
  readonly end: number
  /** stopped: STOP was read; cut: the head ends inside an opcode; broken: no pickle from there on. */
  readonly how: 'stopped' | 'cut' | 'broken' | 'many'
}

/** Lines of prose also begin with letters that are opcodes; what a pickler writes after those is of narrow form. */
function isPlausible(stream: OpcodeStream): boolean {
  const names = stream.opcode?.kind === 'global' ? readLines(stream).slice(0, 2) : []
  return names.every(isPlainName) && isCanonical(stream)
}

function walkHead(head: Uint8Array, most: number): Walked {
  const stream = new OpcodeStream(new PageReader(memorySource(head, new Budget())))
  let count = 0
  let telling = 0
  const at = (how: Walked['how']): Walked => ({ count, telling, end: stream.end, how })
  try {
    while (count < most) {
      const opcode = stream.next()
      if (!isPlausible(stream)) return at('broken')
      count += 1
      if (opcode.form !== 'line') telling += 1
      if (opcode.name === 'STOP') return at('stopped')
    }
    return at('many')
  } catch (thrown) {
    if (!isFault(thrown)) throw thrown
    return at(thrown.code === 'pkl-truncated' || thrown.code === 'pkl-length' ? 'cut' : 'broken')
  }
}

/** Protocols 0 and 1: the whole file is one stream, or many opcodes of its head are none that prose begins with. */
function isOldPickle({ count, telling, end, how }: Walked, size: number): boolean {
  const whole = how === 'stopped' && end === size && count >= 2
  return whole || (telling >= ENOUGH && how !== 'broken')
}

/** See the module. */
export function sniffPickle({ path, size, head }: Glimpse): Confidence {
  const byName = /\.(pkl|pickle|pck|joblib|dill)$/i.test(path) ? 'name' : null
  if (head[0] !== PROTO) {
    const walked = walkHead(head, MOST)
    return isOldPickle(walked, size) ? 'structure' : byName
  }
  return (head[1] ?? 0) <= HIGHEST && walkHead(head, FEW).count >= FEW ? 'magic' : byName
}
