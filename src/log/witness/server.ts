/**
 * A witness: cosigns checkpoints of the logs that it knows, if each goes on from the one before.
 *
 * Free of any framework: a request is a method, a path and bytes, an answer a status, a type and a text. The cosignature
 * is made, the checkpoint is stored, and only then is it handed out; when another request was faster, it never is.
 *
 * Source: C2SP tlog-witness 1.0.0.
 */
import { hash } from 'node:crypto'
import { isFault } from '../../base/index.ts'
import { readCheckpoint, toUtf8, verifySignatures } from '../../certificate/index.ts'
import type { Checkpoint, Cryptography, NoteKey } from '../../certificate/index.ts'
import { formatSignatureLine, type NoteSigner } from '../notes/note.ts'
import { decide } from './decide.ts'
import { readAddCheckpoint, type AddCheckpoint } from './request.ts'
import type { WitnessState } from './state.ts'

/** What came over the wire. */
export interface WitnessRequest {
  readonly method: string
  /** Below the prefix of the witness, without query. */
  readonly path: string
  readonly body: Uint8Array
}

/** What goes back. */
export interface WitnessResponse {
  readonly status: number
  readonly contentType: string
  readonly body: string
}

/** Two signed notes of one log that cannot both be true. */
export interface ForkEvidence {
  readonly known: string
  readonly offered: string
}

/** What a witness needs. */
export interface WitnessOptions {
  /** Keys of the logs that it watches, by origin. */
  readonly logs: ReadonlyMap<string, readonly NoteKey[]>
  /** Its own cosigners, one or more. */
  readonly signers: readonly NoteSigner[]
  readonly state: WitnessState
  readonly cryptography: Cryptography
  /** Is told when a log shows a second root for the size that was cosigned. */
  readonly onFork?: (evidence: ForkEvidence) => void
}

/** See the module. */
export type Witness = (request: WitnessRequest) => Promise<WitnessResponse>

const TEXT = 'text/plain; charset=utf-8'
const CHECKPOINT = /^\/([0-9a-f]{64})\/checkpoint$/

const answer = (status: number, body: string, contentType = TEXT): WitnessResponse => ({ status, contentType, body })

/** The name under which a witness shows what it knows of a log: hex SHA-256 of the origin. */
export function originHash(origin: string): string {
  return hash('sha256', origin)
}

/** Lines of the log that hold; none when it did not sign. */
async function logLines(checkpoint: Checkpoint, keys: readonly NoteKey[], cryptography: Cryptography): Promise<string> {
  try {
    const verified = await verifySignatures(checkpoint, keys, cryptography)
    const names = new Set(verified.map(({ key }) => `${key.name} ${key.keyHash.join()}`))
    const lines = checkpoint.signatures.filter(({ name, keyHash }) => names.has(`${name} ${keyHash.join()}`))
    return lines.map((line) => formatSignatureLine(line, line.signature)).join('')
  } catch (thrown) {
    if (isFault(thrown)) return ''
    throw thrown
  }
}

function read(body: Uint8Array): AddCheckpoint | undefined {
  try {
    return readAddCheckpoint(body)
  } catch (thrown) {
    if (isFault(thrown)) return undefined
    throw thrown
  }
}

async function cosignatures({ text }: Checkpoint, signers: readonly NoteSigner[]): Promise<string> {
  const signed = signers.map(async (signer) => formatSignatureLine(signer, await signer.sign(toUtf8(text))))
  return (await Promise.all(signed)).join('')
}

async function addCheckpoint(request: AddCheckpoint, options: WitnessOptions): Promise<WitnessResponse> {
  const { checkpoint } = request
  const { origin, text } = checkpoint
  const keys = options.logs.get(origin)
  if (keys === undefined) return answer(404, 'this log is not known here\n')
  const lines = await logLines(checkpoint, keys, options.cryptography)
  if (lines === '') return answer(403, 'no key of the log signed this\n')
  const known = await options.state.read(origin)
  const decision = decide(request, known === undefined ? undefined : readCheckpoint(known))
  if (decision.kind === 'refuse') return answer(decision.status, `${decision.why}\n`)
  if (decision.kind === 'conflict') {
    if (decision.fork) {
      if (known !== undefined) options.onFork?.({ known, offered: `${text}\n${lines}` })
      return answer(409, `another root was cosigned for ${decision.size} leaves\n`)
    }
    return answer(409, `${decision.size}\n`, 'text/x.tlog.size')
  }
  const cosigned = await cosignatures(checkpoint, options.signers)
  const stored = await options.state.replace(origin, known, `${text}\n${lines}${cosigned}`)
  return stored ? answer(200, cosigned) : addCheckpoint(request, options)
}

async function showCheckpoint(name: string, { logs, state }: WitnessOptions): Promise<WitnessResponse> {
  const origin = [...logs.keys()].find((candidate) => originHash(candidate) === name)
  const note = origin === undefined ? undefined : await state.read(origin)
  return note === undefined ? answer(404, 'no checkpoint of this log is known here\n') : answer(200, note)
}

/** A witness over its state. It rejects only when state or signers do; every request has an answer. */
export function createWitness(options: WitnessOptions): Witness {
  return async ({ method, path, body }) => {
    const [, name] = CHECKPOINT.exec(path) ?? []
    if (name === undefined && path !== '/add-checkpoint') return answer(404, 'a witness has no such page\n')
    if (method !== (name === undefined ? 'POST' : 'GET')) return answer(405, `${method} is not done here\n`)
    if (name !== undefined) return showCheckpoint(name, options)
    const request = read(body)
    return request === undefined ? answer(400, 'this is not a request to cosign\n') : addCheckpoint(request, options)
  }
}
