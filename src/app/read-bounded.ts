/** Files that a person names, read up to a size. */
import { readFileSync, statSync } from 'node:fs'
import { Fault, toFault } from '../base/index.ts'

/** Reads a file of at most `most` bytes. @throws Fault `no-such-file` */
export function readBounded(path: string, most: number): Buffer {
  try {
    const { size } = statSync(path)
    if (size > most) throw new Error(`${size} bytes; at most ${most}`)
    return readFileSync(path)
  } catch (cause) {
    throw new Fault('no-such-file', `${path} cannot be read: ${toFault(cause).message}`, { cause })
  }
}
