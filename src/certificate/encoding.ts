/**
 * Bytes as text: base64, hex, UTF-8, in what Node and browsers share.
 *
 * Base64 is read strictly: the standard alphabet with padding, no spaces, unused bits zero, so that one sequence of
 * bytes has one text and an edited bundle cannot decode to what was signed.
 *
 * Source: RFC 4648, sections 3.5 and 4.
 */
import { Fault } from '../base/index.ts'

const CHUNK = 8192
const encoder = new TextEncoder()

/** UTF-8 bytes of a text. */
export function toUtf8(text: string): Uint8Array {
  return encoder.encode(text)
}

/** Standard base64 with padding. @example encodeBase64(Uint8Array.of(255, 255)) // '//8=' */
export function encodeBase64(bytes: Uint8Array): string {
  let binary = ''
  for (let at = 0; at < bytes.length; at += CHUNK) binary += String.fromCharCode(...bytes.subarray(at, at + CHUNK))
  return btoa(binary)
}

function decodeLoosely(text: string): Uint8Array | undefined {
  try {
    const binary = atob(text)
    const bytes = new Uint8Array(binary.length)
    for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i)
    return bytes
  } catch {
    return undefined
  }
}

/** The bytes of a base64 text that encodes back to itself. @throws Fault `base64`, which names `where` it stood */
export function decodeBase64(text: string, where: string): Uint8Array {
  const bytes = decodeLoosely(text)
  if (bytes === undefined || encodeBase64(bytes) !== text)
    throw new Fault('base64', `${where}: "${text.slice(0, 40)}" is not standard base64 with padding`)
  return bytes
}

/** A PEM block in the one form: LF, 64 columns, final newline. @param label such as `PUBLIC KEY` */
export function encodePem(label: string, der: Uint8Array): string {
  const lines = encodeBase64(der).match(/.{1,64}/g) ?? []
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`
}

/** Lower-case hex. @example toHex(Uint8Array.of(0, 255)) // '00ff' */
export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** The bytes of an even number of hex digits, which are taken as they are. @example fromHex('00ff')[1] // 255 */
export function fromHex(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
}

/** The bytes of lower-case hex from outside. @throws Fault `hex`, which names `where` it stood */
export function decodeHex(text: string, where: string): Uint8Array {
  if (!/^(?:[0-9a-f]{2})*$/.test(text)) throw new Fault('hex', `${where}: "${text.slice(0, 40)}" is not lower-case hex`)
  return fromHex(text)
}

/** The parts one after another. */
export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

/** True when both hold the same bytes. For public values: it takes longer the later they differ. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index])
}
