/**
 * Files for tests of manifests: named bytes as the verifier wants to have them at hand.
 *
 * Digests of pieces are computed by `node:crypto` over the bytes, so nothing here knows what a manifest says.
 */
import { createHash } from 'node:crypto'
import { dirHash, omsRoot, sha256 } from '../base/index.ts'
import type { ArtefactDigests } from '../certificate/check-artefact.ts'
import type { FilesAtHand, UnreadEntry, WantedDigests } from '../certificate/manifest/compare.ts'

const ALGORITHMS = { sha256: 'sha256', blake2b: 'blake2b512' } as const

/** Contents by path. */
export type NamedBytes = Readonly<Record<string, string | Uint8Array>>

/** Files as they are at hand, with their digests. */
export function holdFiles(
  named: NamedBytes,
  more: Omit<FilesAtHand, 'files'> = {},
): ArtefactDigests & { readonly files: FilesAtHand['files'] } {
  const bytes = new Map(Object.entries(named).map(([path, content]) => [path, Buffer.from(content)]))
  const files = [...bytes].map(([path, content]) => ({ path, sha256: sha256(content), size: content.length }))
  const recompute = async ({ hash, pieces }: WantedDigests) =>
    pieces.map(({ path, range }) => {
      const content = bytes.get(path) ?? Buffer.alloc(0)
      return createHash(ALGORITHMS[hash]).update(content.subarray(range?.start, range?.end)).digest('hex')
    })
  return { sha256: omsRoot(files), dirHash: dirHash(files), files, recompute, ...more }
}

/** A link at hand that was not followed. */
export function unreadLink(path: string): UnreadEntry {
  return { path, isLink: true, message: 'a link, which is not followed' }
}
