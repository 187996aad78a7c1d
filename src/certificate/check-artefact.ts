/**
 * Is the statement about these bytes?
 *
 * A clearance binds the whole artefact by `dirHash`, which binds names, and by the OMS root. A manifest binds each file
 * by name; its root is left aside here, since it depends on the order in which the signer's tool listed the files.
 * Comparing some of the files says nothing about the others: that is `partial` at best.
 */
import { dirHashLines, Fault, type ManifestFile } from '../base/index.ts'
import type { Content } from './check-content.ts'
import type { Cryptography } from './cryptography.ts'
import { toHex, toUtf8 } from './encoding.ts'
import { held, notApplicable, skipped, type Outcome } from './report.ts'
import type { StatementRead } from './statement.ts'

/** The bytes at hand, as the caller computed them. */
export interface ArtefactDigests {
  /** OMS root. */
  readonly sha256: string
  readonly dirHash: string
  /** With them, a manifest that does not fit says which file. */
  readonly files?: readonly ManifestFile[]
}

/** What is compared. */
export interface Comparand {
  readonly artefact: ArtefactDigests | undefined
  /** Paths of the files that the caller wants compared; all when absent. */
  readonly only: readonly string[] | undefined
}

const NO_ARTEFACT = skipped('no-artefact', 'no artefact was given: nothing was compared with the subject')

/** Compares the subject with the artefact. @throws Fault `subject-mismatch` */
export function checkSubject(statement: StatementRead, content: Content, { artefact, only }: Comparand): Outcome {
  const { name, digest } = statement.subject
  if (artefact === undefined) return NO_ARTEFACT
  if (content.kind === 'manifest') return notApplicable('a manifest is compared file by file')
  if (only !== undefined)
    return skipped('only-some-files', 'the statement binds the artefact as a whole; single files cannot be compared')
  const signed = { sha256: digest.get('sha256'), dirHash: digest.get('dirHash') ?? digest.get('dirHash1') }
  for (const kind of ['dirHash', 'sha256'] as const) {
    if (signed[kind] !== undefined && signed[kind] !== artefact[kind])
      throw new Fault(
        'subject-mismatch',
        `the artefact is another: its ${kind} is ${artefact[kind]}, signed is ${signed[kind]}`,
      )
  }
  if (signed.dirHash === undefined)
    return skipped('names-not-bound', 'sha256 is equal, but the statement has no dirHash: file names are not bound')
  return held(`dirHash and sha256 are equal; the statement calls it ${JSON.stringify(name.slice(0, 200))}`, undefined)
}

/**
 * Compares the file under a bare signature with what is at hand.
 *
 * @param digest SHA-256 of the file that was signed
 * @throws Fault `subject-mismatch`
 */
export async function checkMessage(
  digest: Uint8Array,
  { artefact, blob }: { readonly artefact?: ArtefactDigests; readonly blob?: Uint8Array },
  cryptography: Cryptography,
): Promise<Outcome> {
  const signed = toHex(digest)
  if (blob !== undefined && toHex(await cryptography.sha256(blob)) === signed)
    return held(`the file has the signed digest, ${signed}`, undefined)
  if (artefact?.sha256 === signed)
    return skipped('names-not-bound', 'the digests of all files are those that were signed; their names are not bound')
  if (artefact === undefined && blob === undefined) return NO_ARTEFACT
  throw new Fault('subject-mismatch', `the file that was signed is another: its SHA-256 is ${signed}`)
}

function compareFiles(signed: readonly ManifestFile[], found: readonly ManifestFile[]): void {
  const digests = new Map(found.map((file) => [file.path, file.sha256]))
  for (const { path, sha256 } of signed) {
    const digest = digests.get(path)
    if (digest === undefined) throw new Fault('file-missing', `${path} is signed but not there`)
    if (digest !== sha256) throw new Fault('file-changed', `${path} is ${digest}, signed is ${sha256}`)
    digests.delete(path)
  }
  const [extra] = digests.keys()
  if (extra !== undefined) throw new Fault('file-extra', `${extra} is there but not signed`)
}

function compareSome(
  signed: readonly ManifestFile[],
  found: readonly ManifestFile[],
  only: readonly string[],
): Outcome {
  const wanted = new Set(only)
  const chosen = signed.filter(({ path }) => wanted.delete(path))
  const [unknown] = wanted
  if (unknown !== undefined) throw new Fault('file-unsigned', `${unknown} is not among the signed files`)
  const names = new Set(only)
  compareFiles(
    chosen,
    found.filter(({ path }) => names.has(path)),
  )
  return skipped(
    'only-some-files',
    `PARTIAL (${chosen.length} of ${signed.length} files): those compared are as signed`,
  )
}

async function dirHashOf(files: readonly ManifestFile[], cryptography: Cryptography): Promise<string> {
  return toHex(await cryptography.sha256(toUtf8(dirHashLines(files).join(''))))
}

/**
 * Compares a manifest with the artefact, file by file.
 *
 * @throws Fault `file-missing`, `file-changed`, `file-extra`, `file-unsigned`, `subject-mismatch`
 */
export async function checkFiles(
  content: Content,
  { artefact, only }: Comparand,
  cryptography: Cryptography,
): Promise<Outcome> {
  if (content.kind !== 'manifest') return notApplicable('the statement lists no files')
  if (artefact === undefined) return NO_ARTEFACT
  if (only !== undefined) {
    if (artefact.files !== undefined) return compareSome(content.files, artefact.files, only)
    return skipped('only-some-files', 'the files of the artefact were not listed: nothing was compared')
  }
  if (artefact.files !== undefined) compareFiles(content.files, artefact.files)
  const dirHash = await dirHashOf(content.files, cryptography)
  if (dirHash !== artefact.dirHash)
    throw new Fault(
      'subject-mismatch',
      `the artefact is another: its dirHash is ${artefact.dirHash}, of the signed files ${dirHash}`,
    )
  return held(`all ${content.files.length} files are as signed, by name and digest`, undefined)
}
