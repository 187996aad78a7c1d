/**
 * The block lists of a model as a file: the SHA-256 of every 4 MiB of every file.
 *
 * The file is named by its own SHA-256, `<hex>.blocks`, and a certificate carries that digest among its evidence, so
 * whoever trusts the certificate trusts the lists without another signature: a model can be verified while it arrives,
 * and when it is not what was certified, the lists say which blocks differ. A file of one block is listed without
 * blocks, because its block is the file.
 *
 * Guarantee: what is read has one block for each 4 MiB begun, and digests of the right form; the names are those that
 * a `dirHash` takes.
 * Source: docs/adr/0006-block-list.md, docs/adr/0021-block-lists-beside-the-certificate.md.
 */
import { BLOCK_SIZE, canonicalJson, dirHash, Fault, isSha256, parseStrictJson, sha256 } from '../../base/index.ts'
import { Members } from '../members.ts'

const SCHEMA = 'tidewaiter/block-lists/v1'
/** Enough for a model of 3 TB. */
const MAX_BYTES = 64 * 1024 * 1024
const code = 'block-lists'

/** A file with the digests of its blocks. */
export interface BlockListedFile {
  readonly path: string
  /** Bytes. */
  readonly size: number
  readonly sha256: string
  /** Of each 4 MiB in order; none when the file is empty. */
  readonly blocks: readonly string[]
}

/** The lists as they are kept. */
export interface BlockLists {
  readonly text: string
  /** SHA-256 of the text: its name, and what a certificate carries. */
  readonly digest: string
}

/** Writes the lists, as canonical JSON. */
export function writeBlockLists(files: readonly BlockListedFile[]): BlockLists {
  const listed = files.map(({ path, size, sha256: digest, blocks }) => ({
    path,
    size,
    sha256: digest,
    ...(blocks.length > 1 ? { blocks } : {}),
  }))
  const text = canonicalJson({ schema: SCHEMA, blockSize: BLOCK_SIZE, files: listed })
  return { text, digest: sha256(text) }
}

function refuse(what: string): never {
  throw new Fault(code, what)
}

function readFile(file: Members): BlockListedFile {
  const [path, size, digest] = [file.text('path'), file.count('size'), file.text('sha256')]
  const whole = size === 0 ? [] : [digest]
  const blocks = file.has('blocks') ? file.texts('blocks') : whole
  if (![digest, ...blocks].every(isSha256)) refuse(`${path} has a digest that is no SHA-256 in lower-case hex`)
  const wanted = Math.ceil(size / BLOCK_SIZE)
  if (blocks.length !== wanted) refuse(`${path} of ${size} bytes has ${blocks.length} blocks, not ${wanted}`)
  return { path, size, sha256: digest, blocks }
}

/**
 * Reads lists.
 *
 * @param digest what the certificate says that they digest to
 * @throws Fault `block-lists`, `block-lists-digest`, and those of `parseStrictJson` and `dirHash`
 */
export function readBlockLists(bytes: Uint8Array, digest: string): readonly BlockListedFile[] {
  if (bytes.length > MAX_BYTES) refuse(`${bytes.length} bytes; at most ${MAX_BYTES} are read`)
  const found = sha256(bytes)
  if (found !== digest) throw new Fault('block-lists-digest', `the block lists digest to ${found}, not to ${digest}`)
  const names = { required: ['schema', 'blockSize', 'files'], code }
  const lists = new Members(parseStrictJson(bytes, { maxBytes: MAX_BYTES }), 'block lists', names)
  lists.oneOf('schema', [SCHEMA])
  if (lists.count('blockSize') !== BLOCK_SIZE) refuse('the blocks are of another size')
  const files = lists
    .each('files', { required: ['path', 'size', 'sha256'], optional: ['blocks'], code })
    .map((file) => readFile(file))
  dirHash(files)
  return files
}
