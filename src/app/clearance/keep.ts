/**
 * Kept results of stages, so that a clearance that was interrupted goes on where it stopped.
 *
 * What a stage made of an artefact is kept under the artefact's identity and the version of the stage, in a folder of
 * ours, written whole or not at all, and thrown away when the clearance is done. Digests of the bytes are always
 * computed anew, because the identity under which results are kept hangs on them.
 */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Fault, sha256, toFault } from '../../base/index.ts'

/** Results kept for one artefact. */
export interface KeptResults {
  /** What was kept under this name, if anything whole. */
  find(name: string): Uint8Array | undefined
  /** Keeps a result. @throws Fault `cannot-write` (disk full, no permission) */
  keep(name: string, content: Uint8Array | string): void
  /** Throws everything of this artefact away. */
  forget(): void
}

const DIGEST_LENGTH = 64

/** Opens the kept results of an artefact; `version` tells apart what different programs would make. */
export function openKeptResults(parent: string, artefact: string, version: string): KeptResults {
  const folder = join(parent, sha256(`${version} ${artefact}`).slice(0, 32))
  const find = (name: string): Uint8Array | undefined => {
    let bytes: Uint8Array
    try {
      bytes = readFileSync(join(folder, name))
    } catch {
      return undefined
    }
    const content = bytes.subarray(DIGEST_LENGTH)
    return sha256(content) === Buffer.from(bytes.subarray(0, DIGEST_LENGTH)).toString('latin1') ? content : undefined
  }
  const keep = (name: string, content: Uint8Array | string): void => {
    const aside = join(folder, `${name}.${process.pid}.part`)
    try {
      mkdirSync(folder, { recursive: true })
      writeFileSync(aside, Buffer.concat([Buffer.from(sha256(content), 'latin1'), Buffer.from(content as string)]))
      renameSync(aside, join(folder, name))
    } catch (cause) {
      rmSync(aside, { force: true })
      throw new Fault('cannot-write', `${folder} cannot be written: ${toFault(cause).message}`, { cause })
    }
  }
  return { find, keep, forget: () => rmSync(folder, { recursive: true, force: true }) }
}
