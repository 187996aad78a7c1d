/**
 * What a log asks of a witness: here is my checkpoint, and here the proof that it goes on from the one you know.
 *
 * Source: C2SP tlog-witness 1.0.0, `add-checkpoint`.
 */
import { Fault } from '../../base/index.ts'
import { decodeBase64, encodeBase64, readCheckpoint, type Checkpoint } from '../../certificate/index.ts'
import { toText } from '../http/bounded.ts'

/** See the module. */
export interface AddCheckpoint {
  /** Size of the last checkpoint of which the log believes that the witness has it. */
  readonly old: bigint
  readonly hashes: readonly Uint8Array[]
  readonly checkpoint: Checkpoint
}

/** Most bytes of a request. */
export const MAX_REQUEST = 270_336

const FORM = /^old (0|[1-9][0-9]{0,18})\n((?:[A-Za-z0-9+/=]{44}\n){0,63})\n/

/** The text of a request. */
export function writeAddCheckpoint(old: number | bigint, hashes: readonly Uint8Array[], note: string): string {
  return `old ${old}\n${hashes.map((hash) => `${encodeBase64(hash)}\n`).join('')}\n${note}`
}

/** Reads a request. @throws Fault `add-checkpoint`, `checkpoint`, `base64`, `answer` */
export function readAddCheckpoint(body: Uint8Array): AddCheckpoint {
  if (body.length > MAX_REQUEST)
    throw new Fault('add-checkpoint', `a request of ${body.length} bytes; ${MAX_REQUEST} are read`)
  const text = toText(body)
  const [head, old, path] = FORM.exec(text) ?? []
  if (head === undefined || old === undefined || path === undefined)
    throw new Fault('add-checkpoint', 'the request is not old size, at most 63 hashes, an empty line and a checkpoint')
  const lines = path === '' ? [] : path.slice(0, -1).split('\n')
  return {
    old: BigInt(old),
    hashes: lines.map((line) => decodeBase64(line, 'hash of the proof')),
    checkpoint: readCheckpoint(text.slice(head.length)),
  }
}
