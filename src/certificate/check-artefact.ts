/**
 * Is the statement about these bytes?
 *
 * A clearance binds the whole artefact by `dirHash`, which binds names, and by the OMS root. A manifest binds each file
 * by name; its root is left aside here, since it depends on the order in which the signer's tool listed the files.
 * Comparing some of the files says nothing about the others: that is `partial` at best, and so it is beside a link or
 * another entry that is not read, since no digest binds it.
 */
import { Fault } from '../base/index.ts'
import type { Content } from './check-content.ts'
import type { Cryptography } from './cryptography.ts'
import { digestFiles } from './digest-files.ts'
import { toHex } from './encoding.ts'
import { compareManifest, type ComparisonWishes, type FilesAtHand } from './manifest/compare.ts'
import type { OmsManifest } from './manifest/oms.ts'
import { held, notApplicable, skipped, type Outcome } from './report.ts'
import type { StatementRead } from './statement.ts'

/** The bytes at hand, as the caller computed them. */
export interface ArtefactDigests extends Partial<FilesAtHand> {
  /** OMS root. */
  readonly sha256: string
  readonly dirHash: string
}

/** What is compared. */
export interface Comparand extends ComparisonWishes {
  readonly artefact: ArtefactDigests | undefined
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
  const [unread] = artefact.unread ?? []
  if (unread !== undefined)
    return skipped('unread-entries', `all files that were read are as signed, but beside them stands ${unread.message}`)
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

/** A manifest of whole files by SHA-256, against an artefact of which only the digests are known. @throws Fault `subject-mismatch` */
async function compareWhole(
  { method, hash, resources }: OmsManifest,
  artefact: ArtefactDigests,
  cryptography: Cryptography,
): Promise<Outcome> {
  if (method !== 'files' || hash !== 'sha256')
    return skipped('not-recomputed', 'the files of the artefact were not listed: nothing was compared')
  const files = resources.map(({ path, digest }) => ({ path, sha256: digest }))
  const { dirHash } = await digestFiles(files, cryptography)
  if (dirHash !== artefact.dirHash)
    throw new Fault(
      'subject-mismatch',
      `the artefact is another: its dirHash is ${artefact.dirHash}, of the signed files ${dirHash}`,
    )
  return held(`all ${resources.length} files are as signed, by name and digest`, undefined)
}

/**
 * Compares a manifest with the artefact, file by file where its files are listed.
 *
 * @throws Fault `subject-mismatch` and those of `compareManifest`
 */
export async function checkFiles(
  content: Content,
  { artefact, ...wishes }: Comparand,
  cryptography: Cryptography,
): Promise<Outcome> {
  if (content.kind !== 'manifest') return notApplicable('the statement lists no files')
  if (artefact === undefined) return NO_ARTEFACT
  const { files } = artefact
  if (files !== undefined) return compareManifest(content.manifest, { ...artefact, files }, wishes)
  if (wishes.only === undefined) return compareWhole(content.manifest, artefact, cryptography)
  return skipped('only-some-files', 'the files of the artefact were not listed: nothing was compared')
}
