/**
 * One stream from one number: a value of the grammar, or a seed stream, written in some manner, framed and changed.
 */
import { Grammar } from './grammar.ts'
import { mutateBytes, mutateOps } from './mutate.ts'
import { bytesOf, op, u, type Op } from './ops.ts'
import { randomFrom, seedOf, type Random } from './random.ts'

/** A stream to be tested. */
export interface Stream {
  readonly bytes: Uint8Array
  /** Whether it is read with persistent ids allowed, as torch reads. */
  readonly persistent: boolean
}

type Framing = 'none' | 'whole' | 'pieces' | 'shifted' | 'nested' | 'empty'

const FRAMINGS: readonly (readonly [number, Framing])[] = [
  [10, 'whole'],
  [3, 'pieces'],
  [3, 'none'],
  [2, 'shifted'],
  [0.5, 'nested'],
  [0.5, 'empty'],
]

function frame(length: number): Uint8Array {
  return bytesOf(op('FRAME', u(Math.max(0, length), 8)))
}

function framePieces(parts: readonly Uint8Array[], random: Random): Uint8Array {
  const out: Uint8Array[] = []
  for (let from = 0; from < parts.length;) {
    const to = from + 1 + random.int(12)
    const piece = Buffer.concat(parts.slice(from, to))
    out.push(...(random.oneIn(4) ? [piece] : [frame(piece.length), piece]))
    from = to
  }
  return Buffer.concat(out)
}

/** Puts opcodes together; frames only from protocol 4 on, or where the stream is to be odd. */
function assemble(ops: readonly Op[], framing: Framing, random: Random): Uint8Array {
  const parts = ops.map(bytesOf)
  const body = Buffer.concat(parts)
  const length = body.length
  switch (framing) {
    case 'none':
      return body
    case 'whole':
      return Buffer.concat([frame(length), body])
    case 'pieces':
      return framePieces(parts, random)
    case 'shifted':
      return Buffer.concat([frame(length + random.int(9) - 4 - (random.oneIn(3) ? random.int(length) : 0)), body])
    case 'nested':
      return Buffer.concat([frame(length + 9), frame(length), body])
    case 'empty':
      return Buffer.concat([frame(0), body])
  }
}

function writeOps(random: Random): { readonly ops: Op[]; readonly protocol: number; readonly persistent: boolean } {
  const protocol = random.weigh([
    [2, 0],
    [1, 1],
    [3, 2],
    [2, 3],
    [5, 4],
    [2, 5],
  ])
  const persistent = random.oneIn(6)
  const wild = random.weigh([
    [4, 0],
    [2, 30],
    [1, 6],
  ])
  const writer = new Grammar(random, { protocol, wild, memo: !random.oneIn(8), persistent })
  writer.value(1 + random.int(4))
  writer.add('STOP')
  return { ops: writer.ops, protocol, persistent }
}

function build(random: Random, seeds: readonly Uint8Array[]): Stream {
  if (seeds.length > 0 && random.oneIn(4)) return { bytes: random.pick(seeds), persistent: random.oneIn(3) }
  const { ops, protocol, persistent } = writeOps(random)
  const changes = random.weigh([
    [5, 0],
    [4, 1],
    [2, 2],
    [1, 5],
  ])
  for (let i = 0; i < changes; i++) mutateOps(ops, random)
  const framing = protocol >= 4 || random.oneIn(40) ? random.weigh(FRAMINGS) : 'none'
  const proto = protocol >= 2 && !random.oneIn(60) ? [bytesOf(op('PROTO', u(protocol, 1)))] : []
  return { bytes: Buffer.concat([...proto, assemble(ops, framing, random)]), persistent }
}

/** Stream number `index` of the run with this seed; `seeds` are streams of real picklers. */
export function generate(seed: number, index: number, seeds: readonly Uint8Array[]): Stream {
  const random = randomFrom(seedOf(seed, index))
  const { bytes, persistent } = build(random, seeds)
  const changes = random.weigh([
    [7, 0],
    [3, 1],
    [1, 3],
  ])
  let changed = bytes
  for (let i = 0; i < changes; i++) changed = mutateBytes(changed, random)
  return { bytes: Uint8Array.from(changed), persistent }
}
