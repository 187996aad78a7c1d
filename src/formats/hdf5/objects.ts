/**
 * The objects of a file by their address: each header is read once, however many links or types lead to it.
 */
import { type Hdf5File, stop } from './file.ts'
import { MESSAGE, type Message, readObjectHeader } from './object-header.ts'
import type { SharedMessages } from './shared-messages.ts'

/** True for a committed type: a header that holds a type and no data. */
function isType(messages: readonly Message[]): boolean {
  const types = new Set(messages.map(({ type }) => type))
  return types.has(MESSAGE.datatype) && !types.has(MESSAGE.layout)
}

/** See the module. */
export class ObjectTable {
  readonly #file: Hdf5File
  readonly shared: SharedMessages
  /** Committed types, which other objects ask for again and again. */
  readonly #types = new Map<number, readonly Message[]>()

  constructor(file: Hdf5File, shared: SharedMessages) {
    this.#file = file
    this.shared = shared
    shared.committed = (address, type) => this.#committed(address, type)
  }

  /** The messages of the object at an address. @throws Fault `h5-…` */
  messages(address: number): readonly Message[] {
    const known = this.#types.get(address)
    if (known !== undefined) return known
    const messages = readObjectHeader(this.#file, address, this.shared)
    if (isType(messages)) this.#types.set(address, messages)
    return messages
  }

  #committed(address: number, type: number): Uint8Array {
    const found = this.messages(address).find((message) => message.type === type)
    if (found === undefined) throw stop('h5-structure', `the object at ${address} holds no message of type ${type}`)
    return found.body
  }
}
