/**
 * A P-256 key in a hardware security module, through PKCS#11.
 *
 * When session, login or token is lost (a cable, a restart of the module's server, another program that logged out), it
 * is opened again once; a key that is another one afterwards is refused. The digest goes to the token, which answers
 * with r‖s.
 */
import { createHash } from 'node:crypto'
import { Fault } from '../../../base/index.ts'
import { rawToDer } from '../../ecdsa.ts'
import type { Signer } from '../signing-key.ts'
import { CK, CKR, isLost, returnValueOf } from './module.ts'
import { openSession, type OpenSession, type SessionRequest } from './session.ts'

/** A signer on a token. */
export interface Pkcs11Signer extends Signer {
  /** True when the key was made by this call. */
  readonly created: boolean
  /** Ends the session; signing opens another. */
  close(): void
}

function load({ module, uri }: SessionRequest): void {
  try {
    module.load(uri.modulePath)
  } catch {
    throw new Fault('pkcs11-library', `pkcs11: the library ${uri.modulePath} cannot be loaded`)
  }
}

/** Starts the library; one that runs already is left as it is. */
function initialise({ module, uri }: SessionRequest): void {
  try {
    module.C_Initialize()
  } catch (thrown) {
    if (returnValueOf(thrown) !== CKR.CRYPTOKI_ALREADY_INITIALIZED)
      throw new Fault('pkcs11-library', `pkcs11: the library ${uri.modulePath} does not start`)
  }
}

function reopen(request: SessionRequest, publicKeyPem: string): OpenSession {
  initialise(request)
  const session = openSession({ ...request, create: false })
  if (session.publicKeyPem === publicKeyPem) return session
  request.module.C_CloseSession(session.handle)
  throw new Fault('pkcs11-changed', 'pkcs11: the token holds another key of that name than before')
}

function signDigest({ module }: SessionRequest, { handle, privateKey }: OpenSession, digest: Buffer): Buffer {
  module.C_SignInit(handle, { mechanism: CK.ECDSA }, privateKey)
  return module.C_Sign(handle, digest, Buffer.alloc(64))
}

function explain(thrown: unknown): Fault {
  if (thrown instanceof Fault) return thrown
  const value = returnValueOf(thrown)
  return new Fault('pkcs11-failed', `pkcs11: signing failed${value === undefined ? '' : `: 0x${value.toString(16)}`}`)
}

/** Opens a key on a token, or makes it. @throws Fault `pkcs11-library`, and those of {@link openSession} */
export function openPkcs11Signer(request: SessionRequest): Pkcs11Signer {
  load(request)
  initialise(request)
  const first = openSession(request)
  const { publicKeyPem, created } = first
  let session: OpenSession | undefined = first
  const close = (): void => {
    const open = session
    session = undefined
    try {
      if (open !== undefined) request.module.C_CloseSession(open.handle)
    } catch {
      // It is gone already.
    }
  }
  const signOnce = (digest: Buffer): Buffer => {
    session ??= reopen(request, publicKeyPem)
    return signDigest(request, session, digest)
  }
  const sign = (bytes: Uint8Array): Promise<Uint8Array> => {
    const digest = createHash('sha256').update(bytes).digest()
    try {
      return Promise.resolve(rawToDer(signOnce(digest)))
    } catch (thrown) {
      if (!isLost(thrown)) return Promise.reject(explain(thrown))
    }
    close()
    try {
      return Promise.resolve(rawToDer(signOnce(digest)))
    } catch (thrown) {
      return Promise.reject(explain(thrown))
    }
  }
  return { publicKeyPem, created, sign, close }
}
