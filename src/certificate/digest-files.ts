/**
 * The digests that identify a set of files, by the cryptography at hand: what a verifier compares a certificate with.
 *
 * The same two digests as {@link omsRoot} and {@link dirHash} give, but asynchronous and in a browser as well.
 */
import { dirHashLines, omsPreimage, type ManifestFile } from '../base/index.ts'
import type { ArtefactDigests } from './check-artefact.ts'
import { webCryptography, type Cryptography } from './cryptography.ts'
import { toHex, toUtf8 } from './encoding.ts'

/**
 * Digests of a whole artefact from its files, in any order.
 *
 * @throws Fault `bad-path`, `bad-digest`, `duplicate-path`, `cannot-check`
 */
export async function digestFiles(
  files: readonly ManifestFile[],
  cryptography: Cryptography = webCryptography,
): Promise<ArtefactDigests> {
  const lines = dirHashLines(files)
  const root = await cryptography.sha256(omsPreimage(lines.map((line) => line.slice(0, 64))))
  const names = await cryptography.sha256(toUtf8(lines.join('')))
  return { sha256: toHex(root), dirHash: toHex(names), files }
}
