/**
 * Writes values into a stream as a pickler of some protocol does, or in any other way that is an opcode for it.
 */
import type { OpcodeName } from '../../src/formats/pickle/opcodes.ts'
import type { Name } from './globals.ts'
import { counted, f64be, op, shortLong, u, type Op } from './ops.ts'
import type { Random } from './random.ts'

/** How a stream is written. */
export interface Manner {
  readonly protocol: number
  /** One value in so many is written as no pickler of the protocol would; 0 is never. */
  readonly wild: number
  /** Whether objects are put into the memo. */
  readonly memo: boolean
  /** Whether persistent ids may stand in the stream. */
  readonly persistent: boolean
}

/** Writes what is no matter of choice: see the module. */
export abstract class Writer {
  readonly random: Random
  readonly manner: Manner
  readonly ops: Op[] = []
  /** Number of objects in the memo. */
  #memoised = 0

  constructor(random: Random, manner: Manner) {
    this.random = random
    this.manner = manner
  }

  add(name: OpcodeName, argument?: Uint8Array | string): void {
    this.ops.push(op(name, argument))
  }

  /** Whether this one is to be written as no pickler would. */
  isWild(): boolean {
    return this.manner.wild > 0 && this.random.oneIn(this.manner.wild)
  }

  /** Puts the object on top into the memo, as the protocol does it. */
  memoise(): void {
    if (!this.manner.memo) return
    const { protocol } = this.manner
    const index = this.#memoised
    if (protocol >= 4 && !this.isWild()) this.add('MEMOIZE')
    else if (protocol === 0 || this.isWild()) this.add('PUT', `${index}\n`)
    else if (index < 256) this.add('BINPUT', u(index, 1))
    else this.add('LONG_BINPUT', u(index, 4))
    this.#memoised += 1
  }

  get(): void {
    const index = this.random.int(this.#memoised)
    if (this.manner.protocol === 0 || this.isWild()) this.add('GET', `${index}\n`)
    else if (index < 256 && !this.isWild()) this.add('BINGET', u(index, 1))
    else this.add('LONG_BINGET', u(index, 4))
  }

  text(value: string): void {
    const { protocol } = this.manner
    const wild = this.isWild() ? this.random.int(5) : -1
    if (wild === 0) this.add('STRING', `${this.random.pick(["'", '"'])}${value.replaceAll(/[\n'"\\]/g, '')}'\n`)
    else if (wild === 1) this.add('SHORT_BINSTRING', counted(value.slice(0, 50), 1))
    else if (wild === 2) this.add('BINSTRING', counted(value, 4))
    else if (wild === 3) this.add('BINUNICODE8', counted(value, 8))
    else if (protocol === 0 || wild === 4) this.add('UNICODE', `${value.replaceAll(/[\n\\\r\0]/g, '')}\n`)
    else if (protocol >= 4 && Buffer.byteLength(value) < 256) this.add('SHORT_BINUNICODE', counted(value, 1))
    else this.add('BINUNICODE', counted(value, 4))
    this.memoise()
  }

  bytes(value: Uint8Array): void {
    const wild = this.isWild() ? this.random.int(3) : -1
    if (wild === 0) this.add('BINBYTES8', counted(value, 8))
    else if (wild === 1 || this.manner.protocol >= 5) this.add('BYTEARRAY8', counted(value, 8))
    else if (wild === 2) this.add('BINBYTES', counted(value, 4))
    else this.add('SHORT_BINBYTES', counted(value, 1))
    this.memoise()
  }

  int(value: bigint): void {
    const wild = this.isWild() ? this.random.int(4) : -1
    if (wild === 0) this.add('LONG4', counted(shortLong(value), 4))
    else if (wild === 1) this.add('LONG', `${value}${this.random.pick(['L', ''])}\n`)
    else if (wild === 2) this.add('LONG1', counted(shortLong(value), 1))
    else if (this.manner.protocol === 0 || wild === 3) this.#decimal(value)
    else this.#binary(value)
  }

  #decimal(value: bigint): void {
    if (value > 0x7fffffffn) this.add('LONG', `${value}L\n`)
    else this.add('INT', `${value}\n`)
  }

  #binary(value: bigint): void {
    if (value >= 0n && value < 256n) this.add('BININT1', u(value, 1))
    else if (value >= 0n && value < 65536n) this.add('BININT2', u(value, 2))
    else if (BigInt.asIntN(32, value) === value) this.add('BININT', u(value, 4))
    else if (this.manner.protocol === 1) this.add('LONG', `${value}L\n`)
    else this.add('LONG1', counted(shortLong(value), 1))
  }

  float(value: number): void {
    if (this.manner.protocol > 0 && !this.isWild()) return this.add('BINFLOAT', f64be(value))
    this.add('FLOAT', `${Number.isInteger(value) ? value.toFixed(1) : value}\n`)
  }

  constant(): void {
    const { protocol } = this.manner
    const which = this.random.int(3)
    if (which === 0) this.add('NONE')
    else if (protocol >= 2 && !this.isWild()) this.add(which === 1 ? 'NEWTRUE' : 'NEWFALSE')
    else this.add('INT', which === 1 ? '01\n' : '00\n')
  }

  /** A value with others in it at most so deep. */
  abstract value(depth: number): void

  atom(): void {
    const { random } = this
    switch (random.int(6)) {
      case 0:
        return this.constant()
      case 1:
        return this.int(
          random.pick([0n, 1n, 7n, 255n, 256n, 65535n, 65536n, -1n, 2147483647n, -2147483648n, 1n << 40n]),
        )
      case 2:
        return this.float(random.pick([0, 1.5, -2, 0.1]))
      case 3:
        return this.manner.protocol >= 3 ? this.bytes(Buffer.from('raw bytes'.slice(random.int(9)))) : this.text('raw')
      case 4:
        if (this.#memoised > 0) return this.get()
        return this.text('a')
      default:
        return this.text(random.pick(['', 'a', 'weight', 'layers.0.bias', 'ünïcode', 'x'.repeat(random.int(300))]))
    }
  }

  tuple(items: readonly (() => void)[]): void {
    const { protocol } = this.manner
    const short = (['EMPTY_TUPLE', 'TUPLE1', 'TUPLE2', 'TUPLE3'] as const)[items.length]
    const isShort = short !== undefined && (protocol >= 2 || items.length === 0) && protocol > 0 && !this.isWild()
    if (!isShort) this.add('MARK')
    for (const write of items) write()
    this.add(isShort ? short : 'TUPLE')
    if (items.length > 0) this.memoise()
  }

  list(items: readonly (() => void)[]): void {
    if (this.manner.protocol === 0 || this.isWild()) {
      this.add('MARK')
      if (this.random.oneIn(2)) {
        for (const write of items) write()
        this.add('LIST')
        return this.memoise()
      }
      this.add('LIST')
    } else this.add('EMPTY_LIST')
    this.memoise()
    if (items.length === 0) return
    if (this.manner.protocol === 0 || items.length === 1 || this.isWild())
      for (const write of items) {
        write()
        this.add('APPEND')
      }
    else this.marked(items, 'APPENDS')
  }

  marked(items: readonly (() => void)[], end: OpcodeName): void {
    this.add('MARK')
    for (const write of items) write()
    this.add(end)
  }

  dict(entries: readonly (readonly [() => void, () => void])[]): void {
    if (this.manner.protocol === 0 || this.isWild()) this.marked([], 'DICT')
    else this.add('EMPTY_DICT')
    this.memoise()
    this.setItems(entries)
  }

  setItems(entries: readonly (readonly [() => void, () => void])[]): void {
    if (entries.length === 0) return
    if (this.manner.protocol > 0 && entries.length > 1) return this.marked(entries.flat(), 'SETITEMS')
    for (const [key, value] of entries) {
      key()
      value()
      this.add('SETITEM')
    }
  }

  global([module, name]: Name): void {
    if (this.manner.protocol >= 4 ? this.isWild() : !this.isWild()) this.add('GLOBAL', `${module}\n${name}\n`)
    else {
      this.text(module)
      this.text(name)
      this.add('STACK_GLOBAL')
    }
    this.memoise()
  }
}
