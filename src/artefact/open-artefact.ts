/**
 * Intake: a reference becomes a read-only artefact.
 *
 * A file or folder is hashed where it stands; what is on a hub or at an address is downloaded first, into a cache
 * that is keyed by content, and then hashed like anything else.
 */
import type { WatchedArtefact } from './artefact.ts'
import type { OpenOptions } from './open-options.ts'
import { openPath } from './open-path.ts'
import type { Reference } from './reference.ts'

/**
 * Opens what a reference names.
 *
 * @throws Fault with one clear line: `no-such-path`, `unreadable`, `not-a-file`, `empty-artefact`, `hub-cache`,
 *   `changed-while-read`, `aborted`; for downloads also `remote-…`, `wrong-length`, `wrong-bytes`, `disk-full`
 */
export async function openArtefact(reference: Reference, options: OpenOptions): Promise<WatchedArtefact> {
  if (reference.kind === 'path') return openPath(reference, options)
  if (reference.kind === 'hub') return (await import('./open-hub.ts')).openHub(reference, options)
  return (await import('./open-https.ts')).openHttps(reference, options)
}
