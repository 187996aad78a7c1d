/**
 * The digests over an artefact, and the order of names that they stand on.
 *
 * `dirHash` binds each name to its contents and anyone with `sha256sum` can recompute it; the OMS root binds the
 * contents in name order and is what signing tools of the OpenSSF look for. Names are compared by code points, as
 * `LC_ALL=C sort`, Go and Python do; JavaScript's own order of strings differs above U+FFFF.
 *
 * Source: golang.org/x/mod/sumdb/dirhash `Hash1`; in-toto DigestSet `dirHash`; OpenSSF Model Signing v1.0, 6.5.1.
 */
import { createHash } from 'node:crypto'
import { Fault, isSha256, sha256 } from '../base/index.ts'
import type { Artefact, ArtefactFile } from './artefact.ts'

/** A UTF-16 code unit, moved so that surrogates (code points above U+FFFF) come after all others. */
function rank(unit: number): number {
  if (unit < 0xd800) return unit
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800
}

/**
 * Compares two strings by code points: negative, zero or positive.
 *
 * @example compareCodePoints('\uffff', '\u{10000}') < 0 // true
 */
export function compareCodePoints(a: string, b: string): number {
  const shared = Math.min(a.length, b.length)
  for (let i = 0; i < shared; i++) {
    const difference = rank(a.charCodeAt(i)) - rank(b.charCodeAt(i))
    if (difference !== 0) return difference
  }
  return a.length - b.length
}

function ensureListable(files: readonly Pick<ArtefactFile, 'path' | 'sha256'>[]): void {
  for (const [i, { path, sha256: digest }] of files.entries()) {
    if (path.includes('\n')) throw new Fault('bad-name', `${JSON.stringify(path)} holds a newline`)
    if (!isSha256(digest)) throw new Fault('bad-digest', `${path}: ${JSON.stringify(digest)} is not a SHA-256`)
    if (files[i + 1]?.path === path) throw new Fault('bad-name', `${JSON.stringify(path)} stands there twice`)
  }
}

/**
 * The digests over all files, in whatever order they are given.
 *
 * @throws Fault `bad-name` for a name with a newline or one that stands there twice; `bad-digest`
 * @example
 * artefactDigests([]).dirHash.slice(0, 8) // 'e3b0c442'
 */
export function artefactDigests(files: readonly Pick<ArtefactFile, 'path' | 'sha256'>[]): Artefact['digests'] {
  const sorted = files.toSorted((a, b) => compareCodePoints(a.path, b.path))
  ensureListable(sorted)
  const root = createHash('sha256')
  for (const file of sorted) root.update(file.sha256, 'hex')
  const lines = sorted.map((file) => `${file.sha256}  ${file.path}\n`)
  return { sha256: root.digest('hex'), dirHash: sha256(lines.join('')) }
}

/**
 * The identity of a model.
 *
 * @example artefactId({ dirHash: 'ab' }) // 'tw1:ab'
 */
export function artefactId(digests: Pick<Artefact['digests'], 'dirHash'>): string {
  return `tw1:${digests.dirHash}`
}
