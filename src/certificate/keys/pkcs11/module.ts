/**
 * What we use of PKCS#11, in the shape of the package `pkcs11js`.
 *
 * The package is compiled when it is installed, so it is no dependency: whoever has a token installs it, and it is
 * handed in. Numbers are those of the standard, which no package has to tell us.
 *
 * Source: PKCS #11 version 2.40, base specification and `pkcs11t.h`.
 */

/** A handle as the package gives it. */
export type Handle = Buffer

/** One attribute of a template. */
export interface Attribute {
  readonly type: number
  readonly value?: Buffer | boolean | number | string
}

/** The functions that we call; they throw errors whose `code` is the return value. */
export interface Pkcs11Module {
  load(path: string): void
  C_Initialize(): void
  C_GetSlotList(tokenPresent: boolean): readonly Handle[]
  C_GetTokenInfo(slot: Handle): { readonly label: string; readonly serialNumber: string }
  C_OpenSession(slot: Handle, flags: number): Handle
  C_CloseSession(session: Handle): void
  C_Login(session: Handle, userType: number, pin: string): void
  C_FindObjectsInit(session: Handle, template: Attribute[]): void
  C_FindObjects(session: Handle, maximum: number): readonly Handle[]
  C_FindObjectsFinal(session: Handle): void
  C_GetAttributeValue(session: Handle, object: Handle, template: Attribute[]): readonly { readonly value: Buffer }[]
  C_GenerateKeyPair(
    session: Handle,
    mechanism: { readonly mechanism: number },
    publicTemplate: Attribute[],
    privateTemplate: Attribute[],
  ): unknown
  C_SignInit(session: Handle, mechanism: { readonly mechanism: number }, key: Handle): void
  C_Sign(session: Handle, data: Buffer, output: Buffer): Buffer
}

/** Object classes, key types, attributes, mechanisms, flags. */
export const CK = {
  PUBLIC_KEY: 2,
  PRIVATE_KEY: 3,
  KEY_EC: 3,
  CLASS: 0x000,
  TOKEN: 0x001,
  PRIVATE: 0x002,
  LABEL: 0x003,
  KEY_TYPE: 0x100,
  ID: 0x102,
  SENSITIVE: 0x103,
  SIGN: 0x108,
  VERIFY: 0x10a,
  EXTRACTABLE: 0x162,
  EC_PARAMS: 0x180,
  EC_POINT: 0x181,
  EC_KEY_PAIR_GEN: 0x1040,
  ECDSA: 0x1041,
  RW_SESSION: 2,
  SERIAL_SESSION: 4,
  USER: 1,
} as const

/** Return values. */
export const CKR = {
  PIN_INCORRECT: 0xa0,
  PIN_LOCKED: 0xa4,
  USER_ALREADY_LOGGED_IN: 0x100,
  CRYPTOKI_ALREADY_INITIALIZED: 0x191,
} as const

/** What says that session, login, key handle or token went away, so that opening again may help. */
const LOST = new Set([
  0x30, // device error
  0x32, // device removed
  0x60, // key handle invalid
  0x82, // object handle invalid
  0xb0, // session closed
  0xb3, // session handle invalid
  0xe0, // token not present
  0x101, // user not logged in
  0x190, // cryptoki not initialised
])

/** The return value that an error of the package carries. */
export function returnValueOf(thrown: unknown): number | undefined {
  return thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'number' ? thrown.code : undefined
}

/** True for an error after which the session is opened again. */
export function isLost(thrown: unknown): boolean {
  return LOST.has(returnValueOf(thrown) ?? -1)
}
