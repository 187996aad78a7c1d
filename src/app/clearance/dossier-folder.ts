/**
 * The folder of a dossier: everything about one decision in one place, written whole or not at all.
 *
 * It is built beside its final place under another name and renamed when it is complete, so that a folder with a
 * certificate's number always holds the certificate, the dossier, the facts and the report.
 */
import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Fault, toFault } from '../../base/index.ts'

/** Names of the files of a dossier. */
export const DOSSIER_FILES = {
  dossier: 'dossier.json',
  facts: 'facts.json',
  fingerprint: 'fingerprint.twf',
  report: 'report.html',
  findings: 'findings.sarif',
  certificate: 'certificate.sigstore.json',
  inspection: 'inspection.sigstore.json',
  provenance: 'provenance.sigstore.json',
  token: 'token.txt',
} as const

function writeDurably(path: string, content: Uint8Array | string): void {
  const file = openSync(path, 'wx', 0o644)
  try {
    writeFileSync(file, content)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

/**
 * Prepares the folder; `publish` gives it its name.
 *
 * @param parent folder of all dossiers
 * @throws Fault `cannot-write` that names the folder and the cause (disk full, no permission)
 */
export function prepareDossierFolder(
  parent: string,
  number: string,
  files: ReadonlyMap<string, Uint8Array | string>,
): { readonly path: string; publish(): void; discard(): void } {
  const path = join(parent, number)
  const aside = join(parent, `.${number}.${process.pid}.part`)
  const discard = (): void => rmSync(aside, { recursive: true, force: true })
  const failed = (cause: unknown): Fault => {
    discard()
    return new Fault('cannot-write', `the dossier cannot be written to ${path}: ${toFault(cause).message}`, { cause })
  }
  try {
    discard()
    mkdirSync(aside, { recursive: true })
    for (const [name, content] of files) writeDurably(join(aside, name), content)
  } catch (cause) {
    throw failed(cause)
  }
  const publish = (): void => {
    try {
      renameSync(aside, path)
    } catch (cause) {
      throw failed(cause)
    }
  }
  return { path, publish, discard }
}
