/**
 * Does a model on a hub disagree with what was signed, before anything of it is downloaded?
 *
 * A hub lists a file with its size, and a large one with its SHA-256 (the LFS object id); these are compared with the
 * signed manifest or with the block lists of a certificate. A small file is listed by git's SHA-1 of it, which cannot be
 * turned into a SHA-256: it is checkable once it is here. What agrees is the hub's word, so the answer is never a pass.
 */
import type { RemoteListing } from '../../artefact/index.ts'
import { formatBytes } from '../../base/index.ts'

/** What was signed of a file; the size where it is known. */
export interface SignedFile {
  readonly path: string
  readonly sha256: string
  readonly size?: number
}

/** What the hub's list says of one file. */
export interface PreCheckedFile {
  readonly path: string
  readonly outcome: 'agrees' | 'disagrees' | 'not-checkable'
  readonly message: string
}

/** See the module; JSON-safe. */
export interface PreCheck {
  readonly schema: 'tidewaiter/pre-check/v1'
  /** Never `pass`: nothing was read. */
  readonly verdict: 'fail' | 'partial'
  readonly ref: string
  /** The commit that was listed. */
  readonly commit: string | null
  readonly files: readonly PreCheckedFile[]
}

type Listed = RemoteListing['files'][number]

function checkFile({ path, sha256, size }: SignedFile, listed: Listed | undefined): PreCheckedFile {
  if (listed === undefined) return { path, outcome: 'disagrees', message: 'signed, and not on the hub' }
  if (size !== undefined && listed.size !== undefined && size !== listed.size)
    return {
      path,
      outcome: 'disagrees',
      message: `signed with ${formatBytes(size)} (${size}), on the hub it has ${formatBytes(listed.size)} (${listed.size})`,
    }
  if (listed.sha256 === undefined)
    return { path, outcome: 'not-checkable', message: 'not checkable before download: the hub names no SHA-256 of it' }
  if (listed.sha256 === sha256) return { path, outcome: 'agrees', message: 'the hub names the SHA-256 that was signed' }
  return { path, outcome: 'disagrees', message: `signed is ${sha256}, the hub names ${listed.sha256}` }
}

/**
 * Compares what was signed with what a hub lists.
 *
 * @param ignored paths that the signer left out: they are no surplus, and not checked
 */
export function preCheck(
  { ref, pin, files, unusable = [] }: RemoteListing,
  signed: readonly SignedFile[],
  ignored: (path: string) => boolean,
): PreCheck {
  const listed = new Map(files.map((file) => [file.path, file]))
  const checked = signed.map((file) => checkFile(file, listed.get(file.path)))
  for (const { path } of signed) listed.delete(path)
  const extras = [...listed.keys()].map((path): PreCheckedFile => {
    if (ignored(path)) return { path, outcome: 'not-checkable', message: 'on the hub, and left out by the signer' }
    return { path, outcome: 'disagrees', message: 'on the hub, and not signed' }
  })
  const refused = unusable.map(({ path, message }): PreCheckedFile => ({ path, outcome: 'disagrees', message }))
  const all = [...checked, ...extras, ...refused]
  const verdict = all.some(({ outcome }) => outcome === 'disagrees') ? 'fail' : 'partial'
  return { schema: 'tidewaiter/pre-check/v1', verdict, ref, commit: pin ?? null, files: all }
}
