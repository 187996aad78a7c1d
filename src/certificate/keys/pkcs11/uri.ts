/**
 * PKCS#11 URIs: which token, which key, which library, and where the PIN is kept.
 *
 * A PIN in the URI itself (`pin-value`) is refused: URIs stand in process lists, shell histories and configuration.
 * An attribute that we would pass over is refused too, since it would have narrowed the choice of the key.
 *
 * Source: RFC 7512, sections 2.3 and 2.4.
 */
import { Fault } from '../../../base/index.ts'

/** See the module. */
export interface Pkcs11Uri {
  /** Label of the token. */
  readonly token: string
  /** Serial number of the token, when the label is not enough. */
  readonly serial?: string
  /** Label of the key. */
  readonly object?: string
  /** CKA_ID of the key. */
  readonly id?: Uint8Array
  /** The library to be loaded. */
  readonly modulePath: string
  /** File that holds the PIN. */
  readonly pinFile?: string
}

const PATH_ATTRIBUTES = ['token', 'serial', 'object', 'id', 'type']
const QUERY_ATTRIBUTES = ['module-path', 'pin-source']

function refuse(message: string): never {
  throw new Fault('signer-uri', `pkcs11: ${message}`)
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return refuse('the URI holds a % that is not followed by two hex digits of UTF-8')
  }
}

function decodeId(text: string): Uint8Array {
  if (!/^(?:%[0-9a-fA-F]{2}|[A-Za-z0-9._~-])+$/.test(text)) refuse('id is not percent-encoded')
  return Uint8Array.from(text.match(/%..|./g) ?? [], (part) =>
    part.length === 3 ? Number.parseInt(part.slice(1), 16) : part.charCodeAt(0),
  )
}

function readAttributes(text: string, separator: string, allowed: readonly string[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  for (const part of text.split(separator).filter((one) => one !== '')) {
    const [name = '', ...rest] = part.split('=')
    if (name === 'pin-value') refuse('a PIN does not belong into the URI; use pin-source=file:/path or the environment')
    if (!allowed.includes(name)) refuse(`the attribute "${name.slice(0, 40)}" is not known`)
    if (found.has(name)) refuse(`the attribute "${name}" stands twice`)
    found.set(name, rest.join('='))
  }
  return found
}

function readPinFile(source: string | undefined): { readonly pinFile?: string } {
  if (source === undefined) return {}
  const path = decode(source).replace(/^file:(?:\/\/(?=\/))?/, '')
  return path.startsWith('/') ? { pinFile: path } : refuse('pin-source is not file:/path')
}

function readNames(attributes: ReadonlyMap<string, string>): Pick<Pkcs11Uri, 'serial' | 'object' | 'id'> {
  const [serial, object, id] = ['serial', 'object', 'id'].map((name) => attributes.get(name))
  return {
    ...(serial === undefined ? {} : { serial: decode(serial) }),
    ...(object === undefined ? {} : { object: decode(object) }),
    ...(id === undefined ? {} : { id: decodeId(id) }),
  }
}

/**
 * Reads a URI that begins with `pkcs11:`.
 *
 * @throws Fault `signer-uri`
 * @example
 * parsePkcs11Uri('pkcs11:token=station;object=mot?module-path=/usr/lib/p11.so').object // 'mot'
 */
export function parsePkcs11Uri(uri: string): Pkcs11Uri {
  const [, path = '', query = ''] = /^pkcs11:([^?]*)(?:\?(.*))?$/.exec(uri) ?? refuse('that is no URI of a key')
  const attributes = readAttributes(path, ';', PATH_ATTRIBUTES)
  const queries = readAttributes(query, '&', QUERY_ATTRIBUTES)
  const [token, object] = [attributes.get('token'), attributes.get('object')]
  const modulePath = queries.get('module-path')
  if (token === undefined || modulePath === undefined) refuse('token and module-path are wanted')
  if (object === undefined && !attributes.has('id')) refuse('the key is named by object or id')
  if ((attributes.get('type') ?? 'private') !== 'private') refuse('type can only be private')
  return {
    token: decode(token),
    ...readNames(attributes),
    modulePath: decode(modulePath),
    ...readPinFile(queries.get('pin-source')),
  }
}
