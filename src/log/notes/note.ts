/**
 * Writes signed notes and the text of checkpoints.
 *
 * Source: C2SP signed-note 1.0.0 and tlog-checkpoint 1.0.0.
 */
import { Fault } from '../../base/index.ts'
import { concatBytes, encodeBase64, ensureKeyName, toUtf8 } from '../../certificate/index.ts'

/** Signs notes with one key. */
export interface NoteSigner {
  readonly name: string
  /** 4 bytes: which key; stands before the signature in its line. */
  readonly keyHash: Uint8Array
  /** Signature of the text of a note, without the hash of the key. */
  sign(text: Uint8Array): Promise<Uint8Array>
}

/** What a checkpoint says. */
export interface CheckpointContent {
  /** Name of the log: one line. */
  readonly origin: string
  readonly size: number | bigint
  /** 32 bytes. */
  readonly root: Uint8Array
}

/** Text of a checkpoint, without lines of its own after the root. @throws Fault `checkpoint` when it cannot be written */
export function formatCheckpoint({ origin, size, root }: CheckpointContent): string {
  const whole = typeof size === 'bigint' || Number.isSafeInteger(size)
  if (!whole || size < 0 || root.length !== 32 || origin.length === 0 || /[\0-\x1f]/.test(origin))
    throw new Fault('checkpoint', `no checkpoint can say: origin "${origin.slice(0, 100)}", size ${size}`)
  return `${origin}\n${size}\n${encodeBase64(root)}\n`
}

/** The line of a signature, with its newline. */
export function formatSignatureLine({ name, keyHash }: NoteSigner, signature: Uint8Array): string {
  return `— ${name} ${encodeBase64(concatBytes(keyHash, signature))}\n`
}

/**
 * The note: text, an empty line, a line of each signer in the order in which they are given.
 *
 * @throws Fault `note` for a text that cannot be signed or when nobody signs; `vkey` for the name of a signer
 */
export async function signNote(text: string, signers: readonly NoteSigner[]): Promise<string> {
  if (!text.endsWith('\n') || /[\0-\x09\x0b-\x1f]/.test(text) || !text.isWellFormed())
    throw new Fault('note', 'the text of a note ends with a newline and has no other control characters')
  if (signers.length === 0) throw new Fault('note', 'a note has at least one signature')
  for (const { name } of signers) ensureKeyName(name)
  const signatures = await Promise.all(signers.map((signer) => signer.sign(toUtf8(text))))
  const lines = signers.map((signer, at) => formatSignatureLine(signer, signatures[at] ?? new Uint8Array()))
  return `${text}\n${lines.join('')}`
}
