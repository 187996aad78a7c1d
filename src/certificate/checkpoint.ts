/**
 * Checkpoints: a log's signed word on how long it is and what its root is.
 *
 * A signed note of three lines (origin, size, root), an empty line and signature lines. Size and root are strict, so
 * that one state of the log has one text. Lines of others (witnesses) are passed over here.
 *
 * Source: C2SP signed-note 1.0.0 and tlog-checkpoint 1.0.0.
 */
import { Fault } from '../base/index.ts'
import { decodeBase64 } from './encoding.ts'

/** One signature line. */
export interface NoteSignature {
  readonly name: string
  /** First 4 bytes of what is signed by: which key. */
  readonly keyHash: Uint8Array
  readonly signature: Uint8Array
}

/** See the module. */
export interface Checkpoint {
  readonly origin: string
  readonly size: bigint
  readonly root: Uint8Array
  /** The text that is signed, with its final newline. */
  readonly text: string
  readonly signatures: readonly NoteSignature[]
}

const FORM = /^([^\n]+)\n(0|[1-9][0-9]{0,18})\n([A-Za-z0-9+/=]{44})\n$/
const LINE = /^— ([^\s+]+) ([A-Za-z0-9+/=]{8,8192})$/

function readLine(line: string): NoteSignature {
  const [, name, encoded] = LINE.exec(line) ?? []
  if (name === undefined || encoded === undefined)
    throw new Fault('checkpoint', 'a signature line of the checkpoint is malformed')
  const bytes = decodeBase64(encoded, 'checkpoint signature')
  return { name, keyHash: bytes.subarray(0, 4), signature: bytes.subarray(4) }
}

/** Reads a checkpoint. Nothing is verified. @throws Fault `checkpoint`, `base64` */
export function readCheckpoint(note: string): Checkpoint {
  const split = note.indexOf('\n\n')
  const text = note.slice(0, split + 1)
  const [, origin, size, root] = FORM.exec(text) ?? []
  if (split < 0 || origin === undefined || size === undefined || root === undefined || !note.endsWith('\n'))
    throw new Fault('checkpoint', 'the checkpoint is not origin, size and root, an empty line and signatures')
  const lines = note.slice(split + 2, -1).split('\n')
  return {
    origin,
    size: BigInt(size),
    root: decodeBase64(root, 'checkpoint root'),
    text,
    signatures: lines.map(readLine),
  }
}
