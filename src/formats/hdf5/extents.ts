/**
 * Which bytes of an HDF5 file which structure owns, as they are found in any order.
 *
 * A file may have a million chunks, so an extent is three numbers and no object.
 */
import type { ClaimRole } from '../facts.ts'
import { NumberList } from '../number-list.ts'

const ROLES = ['magic', 'header', 'metadata', 'index', 'tensor', 'opaque', 'padding'] as const

/** What HDF5 structures are for. */
export type Role = Extract<ClaimRole, (typeof ROLES)[number]>

/** A range [from, to). */
export interface Extent {
  readonly from: number
  readonly to: number
  readonly role: Role
}

/** See the module. */
export class Extents {
  readonly #from = new NumberList((length) => new Float64Array(length))
  readonly #to = new NumberList((length) => new Float64Array(length))
  readonly #role = new NumberList((length) => new Uint32Array(length))

  /** Adds a range; one of no bytes is passed over. */
  add(from: number, to: number, role: Role): void {
    if (from === to) return
    this.#from.push(from)
    this.#to.push(to)
    this.#role.push(ROLES.indexOf(role))
  }

  /** All ranges by their first byte. */
  *inOrder(): Generator<Extent> {
    const order = Uint32Array.from({ length: this.#from.length }, (_, index) => index)
    order.sort((a, b) => this.#from.get(a) - this.#from.get(b) || this.#to.get(a) - this.#to.get(b))
    for (const index of order) {
      const role = ROLES[this.#role.get(index)] as Role
      yield { from: this.#from.get(index), to: this.#to.get(index), role }
    }
  }
}
