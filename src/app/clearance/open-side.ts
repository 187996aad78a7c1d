/**
 * One side of a comparison: a model with its weights, or a fingerprint that was taken before.
 *
 * `model.twf` is a fingerprint file, `tw1:…` the fingerprint of a model in the register, anything else a reference.
 */
import { readFileSync, statSync } from 'node:fs'
import { Fault, toFault } from '../../base/index.ts'
import { decodeFingerprint, fingerprintModel, type ComparedSide, type Fingerprint } from '../../lineage/index.ts'
import { openModel, type OpenOptions } from './open-model.ts'

/** A side with the names under which it is reported. */
export interface NamedSide {
  readonly ref: string
  readonly id: string
  readonly side: ComparedSide
}

const LARGEST_FINGERPRINT = 16 * 1024 * 1024

/** Reads a `.twf` file. @throws Fault `no-such-file` and those of the fingerprint's reader */
export function readFingerprintFile(path: string): ReturnType<typeof decodeFingerprint> {
  let bytes: Uint8Array
  try {
    const { size } = statSync(path)
    if (size > LARGEST_FINGERPRINT) throw new Error(`${size} bytes; at most ${LARGEST_FINGERPRINT}`)
    bytes = readFileSync(path)
  } catch (cause) {
    throw new Fault('no-such-file', `the fingerprint ${path} cannot be read: ${toFault(cause).message}`, { cause })
  }
  return decodeFingerprint(bytes)
}

async function fromRegister(id: string, { context }: OpenOptions): Promise<NamedSide> {
  const { openRegister } = await import('../../register/index.ts')
  const register = await openRegister(context.register)
  try {
    for await (const record of register.fingerprints()) {
      if (record.modelId === id) return { ref: record.ref, id, side: { fingerprint: decodeFingerprint(record.bytes) } }
    }
  } finally {
    await register.close()
  }
  throw new Fault('no-such-model', `${id} has no fingerprint in the register; clear the model first, or give its files`)
}

/** Opens a side. @throws Fault of intake, of the register or of the fingerprint's reader */
export async function openSide(ref: string, options: OpenOptions): Promise<NamedSide> {
  if (ref.startsWith('tw1:')) return fromRegister(ref, options)
  if (ref.endsWith('.twf')) {
    const fingerprint = readFingerprintFile(ref)
    return { ref, id: fingerprint.artefact, side: { fingerprint } }
  }
  const { opened, facts } = await openModel(ref, options)
  return { ref, id: opened.artefact.id, side: { opened, facts } }
}

/** The fingerprint of a side: as it was given, else taken now. @throws Fault `cancelled`, `changed-while-read` */
export async function sideFingerprint(side: ComparedSide, { signal, context }: OpenOptions): Promise<Fingerprint> {
  if ('fingerprint' in side) return side.fingerprint
  const { threads } = context.settings
  return fingerprintModel(side.opened, side.facts, { signal, ...(threads === undefined ? {} : { threads }) })
}
