/** What opening an artefact may use and how it tells how far it is. */
import type { Clock, Log } from '../base/index.ts'

/** `fetch`, as far as it is used here. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>

/** How far the work is. */
export interface IntakeProgress {
  readonly stage: 'download' | 'hash'
  /** The file that is being worked on. */
  readonly path: string
  /** Bytes of all files together that are done, and that there are. */
  readonly done: number
  readonly total: number
}

/** Options of `openArtefact`. */
export interface OpenOptions {
  /** Where downloads are kept, by what they are. Made when it is needed. */
  readonly cacheFolder: string
  /** Follow the links of a hub client's cache folder. Default false. */
  readonly hfCache?: boolean | undefined
  /** Make the list of block digests. Default true. */
  readonly blocks?: boolean | undefined
  /** `HF_ENDPOINT`, `HF_TOKEN` and their like. Default: nothing is set. */
  readonly environment?: Readonly<Record<string, string | undefined>> | undefined
  /** Threads that may be used. Default: as many as the machine has. */
  readonly threads?: number | undefined
  /**
   * The SHA-256 of a file that was read before and is still what it was, by its stamp; then it is not read again. Never
   * given for a clearance, which reads every byte. Files whose digest a hub declares by git are read all the same.
   */
  readonly known?: ((path: string, stamp: string) => string | undefined) | undefined
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ((progress: IntakeProgress) => void) | undefined
  readonly log?: Log | undefined
  readonly fetch?: Fetch | undefined
  /** Waits between tries of a download. */
  readonly sleep?: ((ms: number, signal?: AbortSignal) => Promise<void>) | undefined
  readonly clock?: Clock | undefined
  /** Asked before each request, redirects included; throws for where nothing may be asked. */
  readonly guard?: ((address: URL) => Promise<void>) | undefined
  /** Milliseconds without a byte after which a download is tried again. Default 60,000. */
  readonly stallAfter?: number | undefined
}
