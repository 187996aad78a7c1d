/**
 * What identifies a set of files: the OMS root digest and the in-toto `dirHash`.
 *
 * The OMS root concatenates the raw digests of the files, so it binds contents but no names; `dirHash` (Go's Hash1)
 * binds both and is what a model is called by. Anyone can recompute it with a shell:
 * `find . -type f | cut -c3- | LC_ALL=C sort | xargs -r sha256sum | sha256sum`.
 *
 * Files stand in code-point order of their paths, which is the byte order of UTF-8 that `LC_ALL=C sort`, Go and Python
 * use; JavaScript's own order is that of UTF-16 units and differs above U+FFFF.
 *
 * Guarantee: one set of files has one answer, whatever order it comes in; a path that a line-based manifest could
 * misread, and a path that comes twice, is refused.
 * Source: OpenSSF Model Signing 1.0, section 6.5.1; golang.org/x/mod/sumdb/dirhash, Hash1; in-toto DigestSet `dirHash`.
 */
import { createHash } from 'node:crypto'
import { isSha256, sha256 } from './digest.ts'
import { Fault } from './fault.ts'

/** One file of a manifest. `path` is relative with `/` between parts; `sha256` is lower-case hex. */
export interface ManifestFile {
  readonly path: string
  readonly sha256: string
}

const isSurrogate = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdfff

/**
 * Orders two texts by code points: negative, zero or positive.
 *
 * @example
 * ['\u{1f600}', '\uff21', 'a'].sort(compareCodePoints) // ['a', '\uff21', '\u{1f600}']
 */
export function compareCodePoints(a: string, b: string): number {
  const shared = Math.min(a.length, b.length)
  for (let i = 0; i < shared; i++) {
    const left = a.charCodeAt(i)
    const right = b.charCodeAt(i)
    if (left === right) continue
    if (isSurrogate(left) !== isSurrogate(right)) return isSurrogate(left) ? 1 : -1
    return left - right
  }
  return a.length - b.length
}

function refusePath(path: string): void {
  const shown = JSON.stringify(path)
  if (path === '') throw new Fault('bad-path', 'a file has an empty path')
  if (path.includes('\n'))
    throw new Fault('bad-path', `${shown} holds a newline, which separates the lines of a dirHash`)
  if (!path.isWellFormed()) throw new Fault('bad-path', `${shown} holds a lone surrogate and has no UTF-8 form`)
}

function inOrder(files: readonly ManifestFile[]): readonly ManifestFile[] {
  const sorted = files.toSorted((a, b) => compareCodePoints(a.path, b.path))
  for (const [index, file] of sorted.entries()) {
    refusePath(file.path)
    if (!isSha256(file.sha256))
      throw new Fault('bad-digest', `${file.path}: "${file.sha256}" is not a SHA-256 in lower-case hex`)
    if (sorted[index + 1]?.path === file.path)
      throw new Fault('duplicate-path', `${file.path} stands twice in the manifest`)
  }
  return sorted
}

/** The raw digests one after another, in the order given: 32 bytes each. @throws Fault `bad-digest` */
export function omsPreimage(digests: readonly string[]): Uint8Array {
  const bytes = new Uint8Array(32 * digests.length)
  for (const [index, digest] of digests.entries()) {
    if (!isSha256(digest)) throw new Fault('bad-digest', `"${digest}" is not a SHA-256 in lower-case hex`)
    for (let i = 0; i < 32; i++) bytes[32 * index + i] = Number.parseInt(digest.slice(2 * i, 2 * i + 2), 16)
  }
  return bytes
}

/** The lines that a dirHash digests, in order, each with its newline. @throws Fault like {@link dirHash} */
export function dirHashLines(files: readonly ManifestFile[]): readonly string[] {
  return inOrder(files).map((file) => `${file.sha256}  ${file.path}\n`)
}

/**
 * OMS root of the files in code-point order of their paths, as lower-case hex.
 *
 * @throws Fault `bad-path`, `bad-digest`, `duplicate-path`
 * @example
 * omsRoot([]) // 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
 */
export function omsRoot(files: readonly ManifestFile[]): string {
  return sha256(omsPreimage(inOrder(files).map((file) => file.sha256)))
}

/**
 * in-toto `dirHash` of the files, as lower-case hex (without Go's `h1:` and base64).
 *
 * @throws Fault `bad-path`, `bad-digest`, `duplicate-path`
 * @example
 * dirHash([]) // 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
 */
export function dirHash(files: readonly ManifestFile[]): string {
  const hash = createHash('sha256')
  for (const line of dirHashLines(files)) hash.update(line)
  return hash.digest('hex')
}
