/**
 * Writes a file whole or not at all: under another name first, then under its own.
 */
import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { Fault, toFault } from '../base/index.ts'

/** Writes a file. @param mode its rights; those of every new file when left out @throws Fault `cannot-write` */
export function writeWhole(path: string, bytes: Uint8Array | string, mode?: number): void {
  try {
    writeFileSync(`${path}.part`, bytes, mode === undefined ? {} : { mode })
    renameSync(`${path}.part`, path)
  } catch (cause) {
    rmSync(`${path}.part`, { force: true })
    throw new Fault('cannot-write', `${path} cannot be written: ${toFault(cause).message}`, { cause })
  }
}
