/**
 * The ways in which texts are packed so that nobody reads them: base64 and its kin, hexadecimal, zlib, bzip2 (not
 * undone), rot13.
 *
 * Guarantee: nothing that is unpacked is longer than {@link LONGEST}; what cannot be unpacked is undefined.
 */
import { gunzipSync, inflateRawSync, inflateSync } from 'node:zlib'

/** Longest text that is unpacked, in bytes. */
export const LONGEST = 1024 * 1024

type Decode = (bytes: Buffer) => Buffer | undefined

function base64(bytes: Buffer): Buffer | undefined {
  const text = bytes.toString('latin1').replaceAll(/\s/g, '')
  return /^[A-Za-z0-9+/_-]*={0,2}$/.test(text) ? Buffer.from(text, 'base64') : undefined
}

function hexadecimal(bytes: Buffer): Buffer | undefined {
  const text = bytes.toString('latin1').replaceAll(/\s/g, '')
  return /^(?:[0-9a-fA-F]{2})*$/.test(text) ? Buffer.from(text, 'hex') : undefined
}

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** Digits of a base that is a power of two. */
function base32(bytes: Buffer): Buffer | undefined {
  const text = bytes.toString('latin1').replaceAll('=', '').toUpperCase()
  const decoded: number[] = []
  let [bits, held] = [0, 0]
  for (const character of text) {
    const digit = BASE32.indexOf(character)
    if (digit < 0) return undefined
    held = ((held << 5) | digit) & 0xffff
    bits += 5
    if (bits < 8) continue
    bits -= 8
    decoded.push((held >> bits) & 0xff)
  }
  return Buffer.from(decoded)
}

const BASE85 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~'

/** Groups of five digits of base 85 are four bytes; the last group may be short. */
function groupsOf85(text: string, digitOf: (character: string) => number): Buffer | undefined {
  const decoded: number[] = []
  for (let at = 0; at < text.length; at += 5) {
    const group = text.slice(at, at + 5)
    const digits = group
      .padEnd(5, '\u0000')
      .split('')
      .map((character) => (character === '\u0000' ? 84 : digitOf(character)))
    if (digits.some((digit) => digit < 0 || digit > 84)) return undefined
    const number = digits.reduce((sum, digit) => sum * 85 + digit, 0)
    for (let byte = 0; byte < group.length - 1; byte++) decoded.push(Math.floor(number / 256 ** (3 - byte)) % 256)
  }
  return Buffer.from(decoded)
}

const base85: Decode = (bytes) => groupsOf85(bytes.toString('latin1'), (character) => BASE85.indexOf(character))
const ascii85: Decode = (bytes) => {
  const text = bytes
    .toString('latin1')
    .replaceAll(/^<~|~>$|\s/g, '')
    .replaceAll('z', '!!!!!')
  return groupsOf85(text, (character) => character.charCodeAt(0) - 33)
}

function unpacking(unpack: (bytes: Buffer, options: { maxOutputLength: number }) => Buffer): Decode {
  return (bytes) => {
    try {
      return unpack(bytes, { maxOutputLength: LONGEST })
    } catch {
      return undefined
    }
  }
}

const inflate = unpacking(inflateSync)
const gunzip = unpacking(gunzipSync)
const inflateRaw = unpacking(inflateRawSync)

/** Turns letters by thirteen. @example rot13('uryyb') // 'hello' */
export function rot13(text: string): string {
  return text.replaceAll(/[a-zA-Z]/g, (letter) => {
    const from = letter <= 'Z' ? 65 : 97
    return String.fromCharCode(((letter.charCodeAt(0) - from + 13) % 26) + from)
  })
}

const DECODERS: ReadonlyMap<string, Decode> = new Map<string, Decode>([
  ['base64.b64decode', base64],
  ['base64.standard_b64decode', base64],
  ['base64.urlsafe_b64decode', base64],
  ['base64.decodebytes', base64],
  ['base64.decodestring', base64],
  ['binascii.a2b_base64', base64],
  ['base64.b16decode', hexadecimal],
  ['binascii.unhexlify', hexadecimal],
  ['binascii.a2b_hex', hexadecimal],
  ['bytes.fromhex', hexadecimal],
  ['bytearray.fromhex', hexadecimal],
  ['base64.b32decode', base32],
  ['base64.b85decode', base85],
  ['base64.a85decode', ascii85],
  ['zlib.decompress', (bytes) => inflate(bytes) ?? gunzip(bytes) ?? inflateRaw(bytes)],
  ['gzip.decompress', gunzip],
  ['codecs.base64', base64],
  ['codecs.hex', hexadecimal],
  ['codecs.zlib', inflate],
])
/** Those that cannot be undone here; what they give is packed nevertheless. */
const OPAQUE: ReadonlySet<string> = new Set([
  'bz2.decompress',
  'lzma.decompress',
  'codecs.bz2',
  'brotli.decompress',
  'zstandard.decompress',
])

/** Whether a function of Python unpacks. @example isDecoder('zlib.decompress') // true */
export function isDecoder(name: string): boolean {
  return DECODERS.has(name) || OPAQUE.has(name)
}

/** What a function of Python makes of bytes that are kept as Latin-1 text. @example decode('bytes.fromhex', '6869') // 'hi' */
export function decode(name: string, packed: string): string | undefined {
  if (packed.length > LONGEST) return undefined
  const decoded = DECODERS.get(name)?.(Buffer.from(packed, 'latin1'))
  return decoded === undefined || decoded.length > LONGEST ? undefined : decoded.toString('latin1')
}

/** What a text is when it is packed in any of the usual ways without saying so. */
export function decodeUnnamed(text: string): string | undefined {
  if (/^(?:[0-9a-fA-F]{2}){20,}$/.test(text)) return decode('bytes.fromhex', text)
  if (!/^[A-Za-z0-9+/_\s-]{40,}={0,2}\s*$/.test(text)) return undefined
  const decoded = decode('base64.b64decode', text)
  if (decoded === undefined) return undefined
  return (
    (decoded.startsWith('\u0078') || decoded.startsWith('\u001f\u008b')
      ? decode('zlib.decompress', decoded)
      : undefined) ?? decoded
  )
}
