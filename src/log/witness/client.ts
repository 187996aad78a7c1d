/**
 * Asks witnesses to cosign a checkpoint, all at once, and goes on with those who answer.
 *
 * A witness that knows another size says so and is asked again with the proof from there. One that has seen more than we
 * have is no failure of its own: our log was restored from an old backup or runs twice, and must not go on signing.
 *
 * Guarantee: a line is added to the note only if it is a cosignature of this checkpoint by a key of that witness, one for
 * each key.
 *
 * Source: C2SP tlog-witness 1.0.0.
 */
import type { Fetch } from '../../artefact/index.ts'
import { Fault, toFault } from '../../base/index.ts'
import {
  CLOCK_SKEW,
  equalBytes,
  readCheckpoint,
  readCosignedTime,
  readSignatureLines,
  verifySignatures,
} from '../../certificate/index.ts'
import type { Checkpoint, Cryptography, NoteKey } from '../../certificate/index.ts'
import { ask, toText, type Answer } from '../http/bounded.ts'
import { formatSignatureLine } from '../notes/note.ts'
import { writeAddCheckpoint } from './request.ts'
import { originHash } from './server.ts'

/** A witness to be asked. */
export interface WitnessEndpoint {
  readonly name: string
  /** Prefix of its pages, without a slash at the end. */
  readonly url: string
  readonly keys: readonly NoteKey[]
}

/** What became of one question. */
export type CosignOutcome = { readonly witness: string } & (
  | { readonly kind: 'cosigned'; readonly lines: string }
  /** It knows more leaves than the checkpoint has, or another root for as many. */
  | { readonly kind: 'ahead'; readonly size: number }
  | { readonly kind: 'failed'; readonly why: string }
)

/** What {@link cosign} needs. */
export interface CosignOptions {
  /** Checkpoint as a note, signed by the log. */
  readonly note: string
  readonly witnesses: readonly WitnessEndpoint[]
  /** Size that each witness, by name, is believed to know; 0 when it is not said. Updated. */
  readonly sizes: Map<string, number>
  /** Proof of consistency from a size to that of the checkpoint. */
  readonly prove: (from: number) => Promise<readonly Uint8Array[]>
  readonly fetch: Fetch
  readonly cryptography: Cryptography
  /** ms since 1970: no cosignature is later. */
  readonly now: number
  /** For each question; 5,000 when it is not said. */
  readonly milliseconds?: number
}

/** What {@link cosign} gives. */
export interface Cosigned {
  /** The note with the lines of those who cosigned, in the order of the witnesses. */
  readonly note: string
  readonly outcomes: readonly CosignOutcome[]
}

const LIMIT = 65_536
const SIZE_TYPE = 'text/x.tlog.size'

interface Question extends CosignOptions {
  readonly witness: WitnessEndpoint
  readonly checkpoint: Checkpoint
}

async function post({ witness, note, prove, fetch, milliseconds = 5000 }: Question, from: number): Promise<Answer> {
  const body = writeAddCheckpoint(from, from === 0 ? [] : await prove(from), note)
  return ask(fetch, { url: `${witness.url}/add-checkpoint`, body }, { bytes: LIMIT, milliseconds })
}

/**
 * The cosignatures in the answer: of each key of the witness the latest alone. A note in which a key signs twice, or
 * before its time, is refused by whoever verifies it, and with it every certificate under the checkpoint.
 */
async function readCosigned({ body }: Answer, question: Question): Promise<string> {
  const { checkpoint, witness, cryptography, now } = question
  const signatures = readSignatureLines(toText(body))
  const verified = await verifySignatures({ ...checkpoint, signatures }, witness.keys, cryptography)
  const latest = BigInt(Math.floor((now + CLOCK_SKEW) / 1000))
  const lines = verified.flatMap(({ key: { name, keyHash }, time }) => {
    if ((time ?? 0n) > latest) throw new Fault('witness', `it signed at ${time}, which is in the future`)
    const line = signatures.find(
      (one) => one.name === name && equalBytes(one.keyHash, keyHash) && readCosignedTime(one.signature) === time,
    )
    return line === undefined ? [] : [formatSignatureLine(line, line.signature)]
  })
  if (lines.length === 0) throw new Fault('witness', 'it answered without a cosignature of its own')
  return lines.join('')
}

function readSize({ contentType, body }: Answer): number {
  const [, digits] = /^(0|[1-9][0-9]{0,15})\n$/.exec(toText(body)) ?? []
  const size = Number(digits)
  if (contentType !== SIZE_TYPE || !Number.isSafeInteger(size))
    throw new Fault('witness', 'it answered 409 without the size that it knows')
  return size
}

/** It was told its own size, which is that of the checkpoint, and still refuses: it knows another root. */
function isFork({ contentType }: Answer, from: number, checkpoint: Checkpoint): boolean {
  return BigInt(from) === checkpoint.size && contentType !== SIZE_TYPE
}

async function askFrom(question: Question, from: number, last: boolean): Promise<CosignOutcome> {
  const { witness, checkpoint, sizes } = question
  const answer = await post(question, from)
  if (answer.status === 200) {
    const lines = await readCosigned(answer, question)
    sizes.set(witness.name, Number(checkpoint.size))
    return { witness: witness.name, kind: 'cosigned', lines }
  }
  if ((answer.status === 409 || answer.status === 422) && isFork(answer, from, checkpoint))
    return { witness: witness.name, kind: 'ahead', size: from }
  if (answer.status !== 409) throw new Fault('witness', `it answered ${answer.status}`)
  const size = readSize(answer)
  sizes.set(witness.name, size)
  if (size > checkpoint.size) return { witness: witness.name, kind: 'ahead', size }
  if (last) throw new Fault('witness', `it knew ${from} leaves and then ${size}`)
  return askFrom(question, size, true)
}

async function askWitness(question: Question): Promise<CosignOutcome> {
  const { witness, sizes, checkpoint } = question
  const believed = sizes.get(witness.name) ?? 0
  try {
    return await askFrom(question, believed > checkpoint.size ? 0 : believed, false)
  } catch (thrown) {
    return { witness: witness.name, kind: 'failed', why: toFault(thrown).message }
  }
}

/** Collects cosignatures. Witnesses that fail are told of, not thrown. @throws Fault `checkpoint` for the note */
export async function cosign(options: CosignOptions): Promise<Cosigned> {
  const checkpoint = readCheckpoint(options.note)
  const outcomes = await Promise.all(
    options.witnesses.map((witness) => askWitness({ ...options, witness, checkpoint })),
  )
  const lines = outcomes.map((outcome) => (outcome.kind === 'cosigned' ? outcome.lines : ''))
  return { note: `${options.note}${lines.join('')}`, outcomes }
}

/** Which log, and how to ask. */
export interface WitnessedQuestion {
  readonly origin: string
  readonly fetch: Fetch
  readonly milliseconds?: number
}

/**
 * The last checkpoint that a witness cosigned for a log, as a note; undefined when it has none. Nothing is verified.
 *
 * @throws Fault `answer`, `witness` when it does not say
 */
export async function fetchWitnessed(
  { url }: Pick<WitnessEndpoint, 'url'>,
  { origin, fetch, milliseconds = 5000 }: WitnessedQuestion,
): Promise<string | undefined> {
  const page = `${url}/${originHash(origin)}/checkpoint`
  const { status, body } = await ask(fetch, { url: page }, { bytes: LIMIT * 4, milliseconds })
  if (status === 404) return undefined
  if (status !== 200) throw new Fault('witness', `${url} answered ${status} for ${origin}`)
  return toText(body)
}
