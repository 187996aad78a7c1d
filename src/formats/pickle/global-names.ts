/**
 * Which globals does a stream name?
 *
 * GLOBAL and INST carry the name; STACK_GLOBAL takes two strings from the stack. Picklers push both directly before
 * it, as constants or out of the memo, so a window of the last two strings and a memo of strings is enough. Whatever
 * else stands there was put there to hide the name: the global is then unresolved, and that is an anomaly.
 *
 * This is no stack machine and proves nothing. It is conservative: any other opcode between empties the window.
 */
import { readLines } from './arguments.ts'
import type { OpcodeStream } from './opcode-stream.ts'
import type { OpcodeName } from './opcodes.ts'

/** A name as the stream gives it. */
export interface GlobalName {
  readonly module: string
  readonly name: string
}

const PLAIN = /^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$/

/** True for identifiers joined by dots. @example isPlainName('collections.abc') // true */
export function isPlainName(name: string): boolean {
  return PLAIN.test(name)
}

const LONGEST_NAME = 256
const MOST_MEMO = 65_536
const lenient = new TextDecoder('utf-8', { ignoreBOM: true })

type Part = 'direct' | 'from-stack' | 'framing' | 'put' | 'get'

/** The opcodes that have a part in naming globals, apart from those that push strings. */
const PARTS: ReadonlyMap<OpcodeName | undefined, Part> = new Map<OpcodeName | undefined, Part>([
  ['GLOBAL', 'direct'],
  ['INST', 'direct'],
  ['STACK_GLOBAL', 'from-stack'],
  ['PROTO', 'framing'],
  ['FRAME', 'framing'],
  ['MEMOIZE', 'put'],
  ['PUT', 'put'],
  ['BINPUT', 'put'],
  ['LONG_BINPUT', 'put'],
  ['GET', 'get'],
  ['BINGET', 'get'],
  ['LONG_BINGET', 'get'],
])

/** Follows one stream; call {@link GlobalNames.follow} after each opcode. */
export class GlobalNames {
  /** The two strings on top of the stack, where they are known. */
  #below: string | undefined
  #top: string | undefined
  readonly #memo = new Map<number, string>()
  /** Number of memo entries while they are numbered without gaps, else NaN. */
  #memoised = 0

  /** Takes the opcode read last; gives the global that it names, null for one that cannot be told. */
  follow(stream: OpcodeStream): GlobalName | null | undefined {
    switch (PARTS.get(stream.opcode?.name)) {
      case 'direct':
        return this.#direct(stream)
      case 'from-stack':
        return this.#fromStack()
      case 'framing':
        return undefined
      case 'put':
        this.#put(stream.opcode?.name === 'MEMOIZE' ? this.#memoised : memoIndex(stream))
        return undefined
      case 'get':
        this.#push(this.#memo.get(memoIndex(stream)))
        return undefined
      default:
        this.#push(stringConstant(stream))
        return undefined
    }
  }

  #push(text: string | undefined): void {
    this.#below = text === undefined ? undefined : this.#top
    this.#top = text
  }

  #direct(stream: OpcodeStream): GlobalName {
    const [module = '', name = ''] = readLines(stream)
    this.#push(undefined)
    return { module, name }
  }

  #fromStack(): GlobalName | null {
    const [module, name] = [this.#below, this.#top]
    this.#push(undefined)
    return module === undefined || name === undefined ? null : { module, name }
  }

  #put(index: number): void {
    if (index === this.#memoised) this.#memoised += 1
    else if (!(index < this.#memoised)) this.#memoised = Number.NaN
    if (this.#top === undefined || Number.isNaN(index)) this.#memo.delete(index)
    else if (this.#memo.size < MOST_MEMO) this.#memo.set(index, this.#top)
  }
}

function memoIndex(stream: OpcodeStream): number {
  if (stream.opcode?.form !== 'line') return stream.value
  const text = Buffer.from(stream.payload(20)).toString('latin1')
  return /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN
}

function stringConstant(stream: OpcodeStream): string | undefined {
  const { opcode, from, to } = stream
  const isText = opcode?.kind === 'text' && opcode.form !== 'line'
  if (!isText && opcode?.name !== 'SHORT_BINSTRING') return undefined
  return to - from > LONGEST_NAME ? undefined : lenient.decode(stream.payload(LONGEST_NAME))
}
