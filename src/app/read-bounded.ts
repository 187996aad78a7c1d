/** Files that a person names, read up to a size. */
import { readFileSync, statSync } from 'node:fs'
import { Fault, toFault } from '../base/index.ts'

function refuseLarge(size: number, most: number): void {
  if (size > most) throw new Error(`${size} bytes; at most ${most}`)
}

/** Reads a file of at most `most` bytes. @throws Fault `no-such-file` */
export function readBounded(path: string, most: number): Buffer {
  try {
    refuseLarge(statSync(path).size, most)
    const bytes = readFileSync(path)
    // A pipe has no size before it is read.
    refuseLarge(bytes.length, most)
    return bytes
  } catch (cause) {
    throw new Fault('no-such-file', `${path} cannot be read: ${toFault(cause).message}`, { cause })
  }
}
