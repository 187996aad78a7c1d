/**
 * An artefact: the files that came in, read-only, with their digests.
 *
 * Everything after intake works on this value and on bytes read through it; nothing after intake asks where
 * the bytes came from. The identity of a model is `tw1:` and the in-toto `dirHash`, because that binds names to
 * contents, which the OMS root digest alone does not (design: certificates-and-log, section 2.2).
 */

/** How the artefact was named by whoever brought it. */
export type ReferenceKind = 'file' | 'folder' | 'hub' | 'https'

/** Where the bytes came from, as far as it could be pinned. */
export interface Source {
  readonly kind: ReferenceKind
  /** The reference as it was given. */
  readonly ref: string
  /** For a hub: `org/name`; for https: the address without credentials. */
  readonly location?: string
  /** For a hub: the commit that a branch or tag stood for, 40 hex digits. */
  readonly commit?: string
}

/** One regular file. */
export interface ArtefactFile {
  /** Relative to the artefact, with `/` between parts; NFC or not as it came. */
  readonly path: string
  /** Bytes. */
  readonly size: number
  /** Lower-case hex. */
  readonly sha256: string
  /** SHA-256 of each 4 MiB block, in order; absent when it was not asked for. */
  readonly blocks?: readonly string[]
}

/** Why something in the folder has no place in a manifest, or deserves a second look. */
export const INTAKE_PROBLEMS = [
  'not-a-file', // a FIFO, socket or device
  'symlink', // a link that is not followed
  'link-loop',
  'name-control', // newline or another control character
  'name-not-utf8',
  'name-escapes', // '..' or absolute
  'name-duplicate',
  'name-case-twin', // differs from another name only in case
  'name-form-twin', // differs from another name only in Unicode normalisation
  'name-confusable', // bidi or invisible characters
  'hub-digest', // bytes differ from the digest that the hub declares
] as const
/** See {@link INTAKE_PROBLEMS}. */
export type IntakeProblemKind = (typeof INTAKE_PROBLEMS)[number]

/** One problem of a name or an entry. `excluded` says that the entry is not among the files. */
export interface IntakeProblem {
  readonly kind: IntakeProblemKind
  /** The name with everything unprintable escaped. */
  readonly path: string
  readonly message: string
  readonly excluded: boolean
}

/** See the module. */
export interface Artefact {
  /** `tw1:` and the dirHash. */
  readonly id: string
  readonly source: Source
  /** Sorted by path in code-point order. */
  readonly files: readonly ArtefactFile[]
  /** Bytes of all files together. */
  readonly size: number
  readonly digests: {
    /** OMS root: SHA-256 over the concatenated raw file digests in path order. */
    readonly sha256: string
    /** in-toto dirHash (Go's Hash1): SHA-256 over the sorted lines `hex  path\n`, as hex. */
    readonly dirHash: string
  }
  readonly problems: readonly IntakeProblem[]
  /** Folders that are no part of the consignment and were passed over: `.git`, a hub client's `.cache`. */
  readonly ignored: readonly string[]
}

/** An artefact together with the place on this machine where its bytes stand. */
export interface OpenedArtefact {
  readonly artefact: Artefact
  /** Absolute path of the bytes of a file of the artefact. @throws Fault `no-such-file` */
  locate(path: string): string
}

/** An opened artefact that remembers what its files were when they were read. */
export interface WatchedArtefact extends OpenedArtefact {
  /** What each file was when it was read: device, inode, links, size and times of change in nanoseconds. */
  readonly stamps: ReadonlyMap<string, string>
  /** Paths of the files that were not read, because what is known of them was taken instead. */
  readonly reused: readonly string[]
  /**
   * Ensures that every file is still what was digested: to be called when all stages have read it, before anything
   * is said about it.
   *
   * @throws Fault `changed-while-read` naming the file
   */
  confirmUnchanged(): void
}
