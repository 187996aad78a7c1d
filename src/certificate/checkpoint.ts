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

/** Most characters of a note: room for 64 signature lines of ML-DSA-44. */
const MAX_NOTE = 262_144
const CONTROL = /[\0-\x09\x0b-\x1f]/
const FORM = /^([^\n]+)\n(0|[1-9][0-9]{0,18})\n([A-Za-z0-9+/=]{44})\n$/
const LINE = /^— ([^\s\x85+]+) ([A-Za-z0-9+/=]{8,8192})$/

function readLine(line: string): NoteSignature {
  const [, name, encoded] = LINE.exec(line) ?? []
  if (name === undefined || encoded === undefined)
    throw new Fault('checkpoint', 'a signature line of the checkpoint is malformed')
  const bytes = decodeBase64(encoded, 'checkpoint signature')
  return { name, keyHash: bytes.subarray(0, 4), signature: bytes.subarray(4) }
}

/** Reads signature lines, each with its newline. @throws Fault `checkpoint`, `base64` */
export function readSignatureLines(lines: string): readonly NoteSignature[] {
  if (!lines.endsWith('\n') || lines.length > MAX_NOTE)
    throw new Fault('checkpoint', `${lines.length} characters are not signature lines`)
  return lines.slice(0, -1).split('\n').map(readLine)
}

/** Reads a checkpoint. Nothing is verified. @throws Fault `checkpoint`, `base64` */
export function readCheckpoint(note: string): Checkpoint {
  if (note.length > MAX_NOTE || CONTROL.test(note))
    throw new Fault('checkpoint', `the checkpoint has more than ${MAX_NOTE} characters or one that controls`)
  const split = note.indexOf('\n\n')
  const text = note.slice(0, split + 1)
  const [, origin, size, root] = FORM.exec(text) ?? []
  if (split < 0 || origin === undefined || size === undefined || root === undefined || !note.endsWith('\n'))
    throw new Fault('checkpoint', 'the checkpoint is not origin, size and root, an empty line and signatures')
  return {
    origin,
    size: BigInt(size),
    root: decodeBase64(root, 'checkpoint root'),
    text,
    signatures: readSignatureLines(note.slice(split + 2)),
  }
}
