/**
 * The pickles of a torch file that hold a number or a list of texts and nothing else.
 *
 * torch.load runs these before it looks at what they gave, so what they give must stand in them as a literal: an
 * integer, or texts that are appended to one list. Anything else is none of them.
 *
 * Guarantee: nothing is interpreted but opcodes of that kind; at most as many texts as the budget has items.
 */
import { isFault } from '../../base/index.ts'
import type { ByteSource } from '../byte-source.ts'
import type { Budget } from '../budget.ts'
import { PageReader } from '../page-reader.ts'
import { OpcodeStream } from '../pickle/opcode-stream.ts'

const AROUND: ReadonlySet<string> = new Set(['PROTO', 'FRAME', 'PUT', 'BINPUT', 'LONG_BINPUT', 'MEMOIZE'])
const OF_LISTS: ReadonlySet<string> = new Set(['EMPTY_LIST', 'LIST', 'MARK', 'APPEND', 'APPENDS'])
const TEXTS: ReadonlySet<string> = new Set([
  'BINUNICODE',
  'SHORT_BINUNICODE',
  'UNICODE',
  'BINSTRING',
  'SHORT_BINSTRING',
])
const FIXED: ReadonlySet<string> = new Set(['BININT', 'BININT1', 'BININT2'])
const LONGEST = 256

/** Walks a stream to STOP; gives where it ended, or undefined when it breaks or `take` will not have an opcode. */
function walk(
  source: ByteSource,
  at: number,
  take: (stream: OpcodeStream, name: string) => boolean,
): number | undefined {
  const stream = new OpcodeStream(new PageReader(source, { at }))
  try {
    for (;;) {
      const { name } = stream.next()
      if (name === 'STOP') return stream.end
      if (!AROUND.has(name) && !take(stream, name)) return undefined
    }
  } catch (thrown) {
    if (isFault(thrown) && thrown.code.startsWith('pkl-')) return undefined
    throw thrown
  }
}

function latin1(stream: OpcodeStream): string {
  return Buffer.from(stream.payload(LONGEST)).toString('latin1')
}

function readInteger(stream: OpcodeStream, name: string): bigint | undefined {
  if (FIXED.has(name)) return BigInt(stream.value)
  if (name === 'INT' || name === 'LONG')
    return /^-?\d{1,40}L?$/.test(latin1(stream)) ? BigInt(latin1(stream).replace('L', '')) : undefined
  if (name !== 'LONG1') return undefined
  const bytes = stream.payload(LONGEST)
  return BigInt.asIntN(
    8 * bytes.length,
    bytes.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n),
  )
}

/** What a stream holds, and its end. */
export interface LiteralStream<Value> {
  readonly value: Value
  readonly end: number
}

/** The integer that the stream at `at` holds, or undefined when it holds anything else. */
export function readIntegerStream(source: ByteSource, at: number): LiteralStream<bigint> | undefined {
  const found: bigint[] = []
  const end = walk(source, at, (stream, name) => {
    const integer = readInteger(stream, name)
    if (integer === undefined) return false
    return found.push(integer) === 1
  })
  const [value] = found
  return end === undefined || value === undefined ? undefined : { value, end }
}

/** The texts of the list that the stream at `at` holds, or undefined when it holds anything else. @throws Fault `budget-items` */
export function readTextList(source: ByteSource, at: number, budget: Budget): LiteralStream<string[]> | undefined {
  const value: string[] = []
  const end = walk(source, at, (stream, name) => {
    if (OF_LISTS.has(name)) return true
    if (!TEXTS.has(name) || stream.to - stream.from > LONGEST) return false
    budget.spendItems()
    value.push(Buffer.from(stream.payload(LONGEST)).toString('utf8'))
    return true
  })
  return end === undefined ? undefined : { value, end }
}
