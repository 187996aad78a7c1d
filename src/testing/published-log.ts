/**
 * A small log for tests that signs, publishes and lies as it is told.
 */
import { fixedClock } from '../base/index.ts'
import { Frontier } from '../log/merkle/frontier.ts'
import { hashLeaf } from '../log/merkle/hash.ts'
import type { LogReader } from '../log/tiles/served.ts'
import { formatCheckpoint, signNote } from '../log/notes/note.ts'
import { cosigner, noteSigner } from '../log/notes/signers.ts'
import { ed25519From, LogFiles } from './log-tree.ts'

const seed = (n: number): Uint8Array => new Uint8Array(32).fill(n)

/** Time of all cosignatures. */
export const PUBLISHED_AT = fixedClock('2026-11-23T12:00:00Z')
/** Signs for the log. */
export const LOG_SIGNER = noteSigner('log.example', ed25519From(seed(1)))
/** Two witnesses. */
export const WITNESSES = [11, 12].map((n) =>
  cosigner({ name: `w${n}.example`, privateKey: ed25519From(seed(n)), clock: PUBLISHED_AT }),
)
/** One of two witnesses is enough. */
export const POLICY_TEXT = [
  `log ${LOG_SIGNER.vkey}`,
  ...WITNESSES.map(({ vkey }, n) => `witness w${n} ${vkey}`),
  'group any any w0 w1\nquorum any\n',
].join('\n')

/** See the module. */
export class PublishedLog extends LogFiles {
  /** Paths that were read. */
  readonly reads: string[] = []

  readonly read: LogReader = (path) => {
    this.reads.push(path)
    return Promise.resolve(this.files.get(path))
  }

  /** Leaf data from a seed and its number, so that two logs with two seeds differ. */
  async grow(count: number, salt = ''): Promise<void> {
    const first = this.leaves.length
    await this.append(Array.from({ length: count }, (_, n) => Buffer.from(`${salt}entry ${first + n}`)))
  }

  /** A checkpoint of all leaves, signed by the log and these witnesses. */
  async sign(witnesses = WITNESSES.slice(0, 1)): Promise<string> {
    const frontier = new Frontier()
    for (const leaf of this.leaves) frontier.append(hashLeaf(leaf))
    const text = formatCheckpoint({ origin: 'log.example', size: frontier.size, root: frontier.root() })
    return signNote(text, [LOG_SIGNER, ...witnesses])
  }

  /** Grows and shows the checkpoint. */
  async publish(count: number, salt = ''): Promise<string> {
    await this.grow(count, salt)
    const note = await this.sign()
    this.files.set('checkpoint', Buffer.from(note))
    return note
  }
}
