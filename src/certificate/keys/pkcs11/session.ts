/**
 * A session with a token: opened, logged in, and the key pair found in it.
 *
 * A wrong PIN is never tried twice, because tokens lock after a few. The key must be one, P-256, and have its public
 * half on the token; a name that fits several is refused, since "any of them" is not an answer to who signed.
 *
 * Source: PKCS #11 version 2.40, sections 5.6 to 5.8 and 2.3.3 (EC public keys; CKA_EC_POINT is a DER OCTET STRING).
 */
import { Fault } from '../../../base/index.ts'
import { equalBytes } from '../../encoding.ts'
import { readPublicKey } from '../../public-key.ts'
import { pointToPem } from '../kms/point.ts'
import { CK, CKR, returnValueOf, type Attribute, type Handle, type Pkcs11Module } from './module.ts'
import type { Pkcs11Uri } from './uri.ts'

/** A session that is ready to sign. */
export interface OpenSession {
  readonly handle: Handle
  readonly privateKey: Handle
  readonly publicKeyPem: string
  /** True when the key was made by this call. */
  readonly created: boolean
}

/** What is opened, and how. */
export interface SessionRequest {
  readonly module: Pkcs11Module
  readonly uri: Pkcs11Uri
  /** Gives the PIN each time that one is needed; it is not kept. */
  readonly readPin: () => string
  /** Make the key when there is none. */
  readonly create: boolean
}

const P256_OID = Buffer.from('06082a8648ce3d030107', 'hex')

/** Runs a call of the library; what it throws becomes a fault that carries nothing but function and return value. */
function explain(thrown: unknown, what: string): Fault {
  const value = returnValueOf(thrown)
  const shown = value === undefined ? 'failed' : `answered 0x${value.toString(16)}`
  return new Fault('pkcs11-failed', `pkcs11: ${what} ${shown}`)
}

function findSlot(module: Pkcs11Module, { token, serial }: Pkcs11Uri): Handle {
  const found = module.C_GetSlotList(true).filter((slot) => {
    const info = module.C_GetTokenInfo(slot)
    return info.label.trimEnd() === token && (serial === undefined || info.serialNumber.trimEnd() === serial)
  })
  const [slot] = found
  if (slot === undefined) throw new Fault('pkcs11-token', `pkcs11: there is no token ${JSON.stringify(token)}`)
  if (found.length > 1)
    throw new Fault(
      'pkcs11-token',
      `pkcs11: ${found.length} tokens are called ${JSON.stringify(token)}; name the serial`,
    )
  return slot
}

function login(module: Pkcs11Module, session: Handle, readPin: () => string): void {
  try {
    module.C_Login(session, CK.USER, readPin())
  } catch (thrown) {
    if (thrown instanceof Fault) throw thrown
    const value = returnValueOf(thrown)
    if (value === CKR.USER_ALREADY_LOGGED_IN) return
    if (value === CKR.PIN_INCORRECT) throw new Fault('pkcs11-pin', 'pkcs11: the PIN is wrong; it was not tried again')
    if (value === CKR.PIN_LOCKED)
      throw new Fault('pkcs11-pin', 'pkcs11: the PIN is locked; the security officer sets it anew')
    throw explain(thrown, 'C_Login')
  }
}

function nameTemplate({ object, id }: Pkcs11Uri): Attribute[] {
  return [
    ...(object === undefined ? [] : [{ type: CK.LABEL, value: object }]),
    ...(id === undefined ? [] : [{ type: CK.ID, value: Buffer.from(id) }]),
  ]
}

function findObjects(module: Pkcs11Module, session: Handle, template: Attribute[]): readonly Handle[] {
  module.C_FindObjectsInit(session, template)
  try {
    return module.C_FindObjects(session, 2)
  } finally {
    module.C_FindObjectsFinal(session)
  }
}

function findOne(request: SessionRequest, session: Handle, kind: 'private' | 'public'): Handle | undefined {
  const { module, uri } = request
  const objectClass = { type: CK.CLASS, value: kind === 'private' ? CK.PRIVATE_KEY : CK.PUBLIC_KEY }
  const found = findObjects(module, session, [objectClass, ...nameTemplate(uri)])
  if (found.length > 1)
    throw new Fault('pkcs11-ambiguous', `pkcs11: the name fits several ${kind} keys; name the id as well`)
  return found[0]
}

function readAttribute(module: Pkcs11Module, session: Handle, wanted: { object: Handle; type: number }): Buffer {
  const [attribute] = module.C_GetAttributeValue(session, wanted.object, [{ type: wanted.type }])
  return attribute?.value ?? Buffer.alloc(0)
}

function readPublic({ module }: SessionRequest, session: Handle, object: Handle): string {
  const parameters = readAttribute(module, session, { object, type: CK.EC_PARAMS })
  if (!equalBytes(parameters, P256_OID)) throw new Fault('pkcs11-curve', 'pkcs11: the key is not on the curve P-256')
  const point = readAttribute(module, session, { object, type: CK.EC_POINT })
  const bare = point.length === 67 && point[0] === 4 && point[1] === 65 ? point.subarray(2) : point
  return readPublicKey(pointToPem(bare)).pem
}

function generate({ module, uri }: SessionRequest, session: Handle): void {
  const common = [{ type: CK.KEY_TYPE, value: CK.KEY_EC }, { type: CK.TOKEN, value: true }, ...nameTemplate(uri)]
  const publicTemplate = [...common, { type: CK.VERIFY, value: true }, { type: CK.EC_PARAMS, value: P256_OID }]
  const privateTemplate = [
    ...common,
    { type: CK.PRIVATE, value: true },
    { type: CK.SENSITIVE, value: true },
    { type: CK.EXTRACTABLE, value: false },
    { type: CK.SIGN, value: true },
  ]
  module.C_GenerateKeyPair(session, { mechanism: CK.EC_KEY_PAIR_GEN }, publicTemplate, privateTemplate)
}

function findKeys(request: SessionRequest, session: Handle): Omit<OpenSession, 'handle'> {
  let privateKey = findOne(request, session, 'private')
  const created = privateKey === undefined && request.create
  if (created) {
    generate(request, session)
    privateKey = findOne(request, session, 'private')
  }
  if (privateKey === undefined)
    throw new Fault('pkcs11-key', 'pkcs11: the token holds no such private key; `tidewaiter key make` makes one')
  const publicKey = findOne(request, session, 'public')
  if (publicKey === undefined) throw new Fault('pkcs11-key', 'pkcs11: the public half of the key is not on the token')
  return { privateKey, publicKeyPem: readPublic(request, session, publicKey), created }
}

/**
 * Opens a session.
 *
 * @throws Fault `pkcs11-token`, `pkcs11-pin`, `pkcs11-key`, `pkcs11-ambiguous`, `pkcs11-curve`, `pkcs11-failed`
 */
export function openSession(request: SessionRequest): OpenSession {
  const { module, uri, readPin, create } = request
  try {
    const handle = module.C_OpenSession(findSlot(module, uri), CK.SERIAL_SESSION | (create ? CK.RW_SESSION : 0))
    try {
      login(module, handle, readPin)
      return { handle, ...findKeys(request, handle) }
    } catch (thrown) {
      module.C_CloseSession(handle)
      throw thrown
    }
  } catch (thrown) {
    throw thrown instanceof Fault ? thrown : explain(thrown, 'opening the session')
  }
}
