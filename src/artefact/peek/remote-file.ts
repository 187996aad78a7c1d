/**
 * What is known of a remote file before any of it is read.
 */
import type { IntakeProblem } from '../artefact.ts'
import type { Asked } from '../remote/refusal.ts'
import type { Wire } from '../remote/wire.ts'

/** See the module. */
export interface RemoteFile {
  /** Path within the artefact. */
  readonly path: string
  /** May hold a signature: never to be shown. */
  readonly url: string
  /** As the listing declares it. */
  readonly size?: number
  /** Digest of the content that the listing declares. */
  readonly sha256?: string
  /** True when the address can only ever stand for one content: a commit, a digest. */
  readonly pinned: boolean
  readonly asked: Asked
  readonly wire: Wire
}

/** The files of a remote artefact. */
export interface RemoteListing {
  /** The reference, without credentials. */
  readonly ref: string
  readonly kind: 'hub' | 'https' | 's3' | 'oci'
  /** The commit or digest that the reference stood for. */
  readonly pin?: string
  readonly files: readonly RemoteFile[]
  /** What the listing holds beside files that can be taken in. */
  readonly unusable?: readonly IntakeProblem[]
}
