/**
 * Protocol and frames: where a stream departs from the one form that all unpicklers read alike.
 *
 * A frame that cuts through an opcode is read in one way by CPython's `loads`, in another by its `Unpickler(file)`
 * and refused by its Python implementation (cpython issue 154848): what the stream does then depends on who reads it.
 * Source: PEP 3154 for frames; `Lib/pickle.py` for PROTO.
 */
import type { OpcodeStream } from './opcode-stream.ts'
import type { Opcode } from './opcodes.ts'

/** Something out of place. */
export interface Misplacement {
  readonly code: 'pkl-proto' | 'pkl-frame'
  readonly message: string
}

const HIGHEST = 5

/** Follows one stream; call {@link Framing.follow} after each opcode. */
export class Framing {
  #declared: number | undefined
  /** First byte after the open frame. */
  #frameEnd: number | undefined
  #count = 0
  #newer = false

  /** Protocol that the stream declares, else 0 or 1 by its opcodes, which nothing distinguishes. */
  get protocol(): number {
    return this.#declared ?? 0
  }

  /** Takes the opcode read last; gives what is out of place. */
  follow(stream: OpcodeStream, opcode: Opcode): Misplacement | undefined {
    this.#count += 1
    if (opcode.name === 'PROTO') return this.#onProto(stream)
    const crossed = this.#onBoundary(stream, opcode)
    if (crossed !== undefined) return crossed
    if (opcode.protocol <= Math.max(this.#declared ?? 1, 1) || this.#newer) return undefined
    this.#newer = true
    return proto(
      `${opcode.name} of protocol ${opcode.protocol} at ${stream.offset} in a stream of protocol ${this.#declared ?? '0 or 1'}`,
    )
  }

  #onProto({ value, offset }: OpcodeStream): Misplacement | undefined {
    const first = this.#count === 1
    this.#declared = value
    if (!first) return proto(`PROTO at ${offset} is not the first opcode`)
    return value >= 2 && value <= HIGHEST
      ? undefined
      : proto(`PROTO declares protocol ${value}; 2 to ${HIGHEST} are declared`)
  }

  #onBoundary(stream: OpcodeStream, opcode: Opcode): Misplacement | undefined {
    const { offset, end } = stream
    if (this.#frameEnd !== undefined && offset >= this.#frameEnd) this.#frameEnd = undefined
    const open = this.#frameEnd
    if (opcode.name === 'FRAME') return this.#onFrame(stream)
    if (open === undefined || end <= open) return this.#onStop(opcode, end)
    this.#frameEnd = undefined
    return { code: 'pkl-frame', message: `${opcode.name} at ${offset} reaches over the end of its frame at ${open}` }
  }

  #onStop(opcode: Opcode, end: number): Misplacement | undefined {
    if (opcode.name !== 'STOP' || this.#frameEnd === undefined || end === this.#frameEnd) return undefined
    return { code: 'pkl-frame', message: `STOP at ${end - 1} stands before the end of its frame at ${this.#frameEnd}` }
  }

  #onFrame({ offset, end, value, cursor }: OpcodeStream): Misplacement | undefined {
    const nested = this.#frameEnd !== undefined
    this.#frameEnd = end + value
    if (nested) return { code: 'pkl-frame', message: `FRAME at ${offset} stands inside another frame` }
    if (value <= cursor.remaining) return undefined
    return { code: 'pkl-frame', message: `FRAME at ${offset} declares ${value} bytes; ${cursor.remaining} are left` }
  }
}

function proto(message: string): Misplacement {
  return { code: 'pkl-proto', message }
}
