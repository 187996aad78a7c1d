/**
 * Random model folders with every oddity that a name may have, the same for the same seed on every machine.
 *
 * Spaces, quotes and globs, leading dots and dashes, colons, letters above U+FFFF (whose order differs between UTF-16 and
 * code points), `a-b` beside `a/b` (whose order differs between strings and paths), names of 200 bytes, folders eight
 * deep, empty files and empty folders. Names of git are left out, since model_signing passes over them by default.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { seededRandom } from '../../../src/testing/seeded-random.ts'

const PARTS = [
  ['a', 'b', 'A', 'Z', '0', '10', '2', 'model', 'weights', 'config', 'con', 'NUL', 'sha256', 'null', 'true', '1e5'],
  ['a-b', 'a.b', 'a b', ' a', 'a ', 'a.', '.hidden', '..a', '...', '-rf', '--help', 'model.sig', 'x'.repeat(200)],
  ['~', '#x', '%41', '%', '&', "it's", '"q"', 'a:b', 'ab:0:10', 'x:y:z', '*', '?', '[a]', '{a}', '$HOME', '`id`'],
  [';', '|', '<>', '!', '@', '+', '=', ',', 'é', 'ß', 'ﬀ', 'Ａ', '\uff21', '\ufffd', '日本', 'עברית', 'ü'.repeat(100)],
  ['😀', '\u{10ffff}', '\u{1f600}\u{1f3fd}', '𝒜', 'İ', 'ı', '\u200d', '\u202e'],
].flat()
const ENDS = ['', '', '', '.bin', '.safetensors', '.json', '.py', '.txt']
/** Names of drives lead out of a folder elsewhere, and `.` and `..` are no names; such ones are not legal here. */
const ILLEGAL = /^(?:[A-Za-z]:|\.{1,2}$|\.git)/

/** Files of a tree: contents by path. */
export type Tree = ReadonlyMap<string, Buffer>

class Drawing {
  readonly #random: () => number

  constructor(seed: number) {
    this.#random = seededRandom(seed)
  }

  below(limit: number): number {
    return Math.floor(this.#random() * limit)
  }

  pick<Item>(items: readonly Item[]): Item {
    return items[this.below(items.length)] as Item
  }

  name(): string {
    const name = this.pick(PARTS) + this.pick(ENDS)
    return ILLEGAL.test(name) ? this.name() : name
  }

  bytes(): Buffer {
    const size = this.pick([0, 1, 10, 100, 3000])
    return Buffer.from(Array.from({ length: size }, () => this.below(256)))
  }
}

/** A path, sometimes deep, sometimes beside one that sorts oddly with it. */
function drawPath(drawing: Drawing, paths: readonly string[]): string {
  const [sibling] = paths
  if (sibling !== undefined && drawing.below(4) === 0)
    return drawing.pick([`${sibling}-b`, `${sibling} b`, `${sibling}.b`])
  const depth = drawing.pick([0, 0, 1, 1, 2, 8])
  const folders = Array.from({ length: depth }, () => drawing.name()).filter((name) => Buffer.byteLength(name) < 60)
  return [...folders, drawing.name()].join('/')
}

/** True when the path can stand beside the others: none is its folder, and none differs only in Unicode form. */
function fits(path: string, tree: Tree): boolean {
  if (Buffer.byteLength(path) > 1000 || path.split('/').some((part) => Buffer.byteLength(part) > 255)) return false
  return ![...tree.keys()].some(
    (other) =>
      other.normalize('NFC') === path.normalize('NFC') || other.startsWith(`${path}/`) || path.startsWith(`${other}/`),
  )
}

/** Draws a tree of 2 to 12 files; at least two differ in content. */
export function drawTree(seed: number): Tree {
  const drawing = new Drawing(seed)
  const tree = new Map<string, Buffer>([
    ['a-b', Buffer.from('first')],
    ['a/b', Buffer.from('second')],
  ])
  for (let count = drawing.below(11); count > 0; count--) {
    const path = drawPath(drawing, [...tree.keys()].slice(2))
    if (fits(path, tree)) tree.set(path, drawing.bytes())
  }
  return tree
}

/** Writes a tree into a folder that is made, with an empty folder in it. */
export function writeTree(folder: string, tree: Tree): void {
  mkdirSync(join(folder, 'empty folder'), { recursive: true })
  for (const [path, bytes] of tree) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), bytes)
  }
}
