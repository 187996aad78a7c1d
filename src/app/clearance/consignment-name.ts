/**
 * The name under which a consignment is entered.
 *
 * Certificate, dossier and register are shown to strangers, so a path of this machine does not belong there: a file or a
 * folder goes by its last part, a model of a hub or a web address by its reference, and whoever clears it may say
 * otherwise.
 */
import { basename, resolve } from 'node:path'
import { Fault } from '../../base/index.ts'
import type { Source } from '../../artefact/index.ts'

const LONGEST = 300

/** The name, at most 300 characters. @throws Fault `usage` for a name that is empty or too long */
export function nameConsignment({ kind, ref }: Source, said?: string): string {
  if (said !== undefined && (said.trim() === '' || said.length > LONGEST)) {
    throw new Fault('usage', `--name has ${said.length} characters; it takes 1 to ${LONGEST}`)
  }
  if (said !== undefined) return said.trim()
  return kind === 'file' || kind === 'folder' ? basename(resolve(ref)) : ref
}
