/**
 * A wait in a world of synchronous readers.
 *
 * Readers are synchronous and pure functions of the bytes. What needs to wait (a parser that is being compiled, a page
 * of a remote file) throws `Pending`; whoever called the reader waits for it and reads the file again from the start.
 * It is no fault: nothing is wrong with the file.
 */
import { Fault } from '../base/index.ts'

/** How often one file may ask to wait. */
const MOST_WAITS = 4096

/** See the module. */
export class Pending extends Error {
  /** Resolves when reading again has a chance to come further. */
  readonly until: Promise<void>

  constructor(until: Promise<void>) {
    super('to be read again')
    this.until = until
  }
}

/** Bytes that are not here: a page of a remote file. Only whoever peeks can fetch them and read again. */
export class MissingBytes extends Pending {
  readonly from: number
  /** First byte after them. */
  readonly to: number

  constructor(from: number, to: number) {
    super(Promise.reject(new Fault('truncated', `bytes ${from} to ${to} are not here`)))
    this.until.catch(() => {})
    this.from = from
    this.to = to
  }
}

/**
 * Calls `read` until it does not ask to wait any more.
 *
 * @throws Fault `reader-fault` when it asks more often than 4,096 times; what the awaited promise rejects with
 */
export async function readUntilReady<Result>(read: () => Result): Promise<Result> {
  for (let waits = 0; waits < MOST_WAITS; waits++) {
    try {
      return read()
    } catch (thrown) {
      if (!(thrown instanceof Pending)) throw thrown
      await thrown.until
    }
  }
  throw new Fault('reader-fault', `the reader asked to wait more than ${MOST_WAITS} times`)
}
