/**
 * A byte source: the only way in which a reader touches a file.
 *
 * Readers are synchronous and restartable: over a local file a read is a `pread`; over a remote file a missing page
 * will raise a signal, be fetched, and the reader run again over the pages that are now there. So a reader must be
 * a pure function of the bytes.
 */

const CONTENT_CHUNK = 1024 * 1024

/** See the module. */
export interface ByteSource {
  /** Bytes in the file. */
  readonly size: number
  /**
   * Exactly `length` bytes from `offset`, as a fresh or shared view that is valid until the next read.
   *
   * @throws Fault `truncated` outside the file; `budget-bytes` or `budget-reads` when the budget is spent;
   *   `changed-while-read` when the file shrank
   */
  read(offset: number, length: number): Uint8Array
  /**
   * The same as `read`, past every cache and without being charged as structure: for content that is digested and not
   * interpreted, of which a file may have any amount, and for small structures that lie far apart. Absent: use `read`.
   *
   * @throws Fault as `read`
   */
  readContent?(offset: number, length: number): Uint8Array
}

/** Bytes of content; see {@link ByteSource.readContent}. @throws Fault as `read` */
export function readContent(source: ByteSource, offset: number, length: number): Uint8Array {
  return source.readContent === undefined ? source.read(offset, length) : source.readContent(offset, length)
}

/** Content in pieces of at most 1 MiB, each valid until the next read of the source. @throws Fault as `read` */
export function* contentChunks(source: ByteSource, from: number, length: number): Generator<Uint8Array> {
  for (let at = from; at < from + length; at += CONTENT_CHUNK)
    yield readContent(source, at, Math.min(CONTENT_CHUNK, from + length - at))
}
