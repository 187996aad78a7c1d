/**
 * A byte source: the only way in which a reader touches a file.
 *
 * Readers are synchronous and restartable: over a local file a read is a `pread`; over a remote file a missing page
 * will raise a signal, be fetched, and the reader run again over the pages that are now there. So a reader must be
 * a pure function of the bytes.
 */

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
}
