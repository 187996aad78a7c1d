/** A file on the way in: where it stands and what was said about it, before anything of it was read. */

/** What a hub said that a file is: its SHA-256, or git's SHA-1 of it as a blob. Lower-case hex. */
export type Declared = { readonly sha256: string } | { readonly git: string }

/** One file that will be taken in. */
export interface ListedFile {
  /** Relative to the artefact. */
  readonly path: string
  /** Where its bytes stand. */
  readonly real: string
  readonly declared?: Declared | undefined
}
