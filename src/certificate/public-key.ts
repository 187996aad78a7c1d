/**
 * P-256 public keys and the names by which bundles call them.
 *
 * One key has many PEM texts (line ends, line width, compressed point). It is written again in one form, and the
 * SHA-256 of that text in hex is the key id: the hint of our bundles and of model_signing. cosign writes the base64 of
 * the SHA-256 of the DER instead, and in `keyid` an SSH fingerprint. All three are names, not proofs: they are not signed.
 *
 * Only P-256 is taken: for other curves the tools disagree about the hash.
 * Source: RFC 5480 section 2; RFC 7468; SEC 1 section 2.3.4; RFC 4253 section 6.6 and RFC 5656 (SSH form);
 * measured with cosign 3.1.3 and model_signing 1.1.1.
 */
import { Fault } from '../base/index.ts'
import type { Cryptography } from './cryptography.ts'
import type { Curve } from './ecdsa.ts'
import { concatBytes, decodeBase64, encodeBase64, encodePem, equalBytes, fromHex, toHex, toUtf8 } from './encoding.ts'

/** A public key. */
export interface PublicKey {
  /** P-256, unless a foreign key was asked for. */
  readonly curve: Curve
  /** Uncompressed point: 65 bytes on P-256. */
  readonly point: Uint8Array
  /** SubjectPublicKeyInfo in DER: 91 bytes on P-256. */
  readonly spki: Uint8Array
  /** PEM in the one form: LF, 64 columns, final newline. */
  readonly pem: string
}

/** The names of one key. */
export interface KeyNames {
  /** Hex SHA-256 of the PEM: the key id. */
  readonly keyId: string
  /** cosign's hint: base64 SHA-256 of the DER. */
  readonly derHint: string
  /** `SHA256:` and base64 without padding, as ssh-keygen prints it. */
  readonly ssh: string
}

const FIELD = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn
const B = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn
const ALGORITHM = '301306072a8648ce3d020106082a8648ce3d030107'
const UNCOMPRESSED = fromHex(`3059${ALGORITHM}034200`)
const COMPRESSED = fromHex(`3039${ALGORITHM}032200`)
const PEM_BLOCK = /^\s*-----BEGIN PUBLIC KEY-----\r?\n([A-Za-z0-9+/=\r\n]+)-----END PUBLIC KEY-----\s*$/

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n
  for (let square = base, rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % FIELD
    square = (square * square) % FIELD
  }
  return result
}

/** y from x by the equation of the curve; `prefix` 2 or 3 says whether y is even or odd. */
function decompress(compressed: Uint8Array): Uint8Array {
  const x = BigInt(`0x${toHex(compressed.subarray(1))}`)
  const right = (((x * x * x - 3n * x + B) % FIELD) + FIELD) % FIELD
  const root = power(right, (FIELD + 1n) / 4n)
  if (x >= FIELD || (root * root) % FIELD !== right)
    throw new Fault('key-unreadable', 'the point of the key is not on P-256')
  const y = BigInt((compressed[0] ?? 0) & 1) === (root & 1n) ? root : FIELD - root
  return concatBytes(Uint8Array.of(4), compressed.subarray(1), fromHex(y.toString(16).padStart(64, '0')))
}

function readPoint(der: Uint8Array): Uint8Array {
  const [start, rest] = [der.subarray(0, UNCOMPRESSED.length), der.subarray(UNCOMPRESSED.length)]
  if (equalBytes(start, UNCOMPRESSED) && rest.length === 65 && rest[0] === 4) return rest
  if (equalBytes(start, COMPRESSED) && rest.length === 33 && (rest[0] === 2 || rest[0] === 3)) return decompress(rest)
  throw new Fault('key-unreadable', `the key of ${der.length} bytes is not an ECDSA P-256 public key (prime256v1)`)
}

/** A key as PEM in the one form. @param spki SubjectPublicKeyInfo in DER */
export function writePem(spki: Uint8Array): string {
  return encodePem('PUBLIC KEY', spki)
}

/** Reads a SubjectPublicKeyInfo in DER. @throws Fault `key-unreadable` for anything but one P-256 public key */
export function readSpki(der: Uint8Array): PublicKey {
  const point = readPoint(der)
  const spki = concatBytes(UNCOMPRESSED, point)
  return { curve: 'P-256', point, spki, pem: writePem(spki) }
}

/** The DER of one PEM `PUBLIC KEY` block, of whatever algorithm. @throws Fault `key-unreadable`, `base64` */
export function readPem(pem: string): Uint8Array {
  const body = PEM_BLOCK.exec(pem)?.[1]
  if (body === undefined)
    throw new Fault('key-unreadable', 'the key is not one PEM block "PUBLIC KEY"; openssl pkey -pubout writes one')
  return decodeBase64(body.replaceAll(/[\r\n]/g, ''), 'public key')
}

/**
 * Reads one PEM `PUBLIC KEY` block, in any of its spellings.
 *
 * @throws Fault `key-unreadable` for anything but one P-256 public key; `base64`
 */
export function readPublicKey(pem: string): PublicKey {
  return readSpki(readPem(pem))
}

function sshBlob({ curve, point }: PublicKey): Uint8Array {
  const name = `nistp${curve.slice(2)}`
  const field = (bytes: Uint8Array): Uint8Array => concatBytes(Uint8Array.of(0, 0, 0, bytes.length), bytes)
  return concatBytes(...[`ecdsa-sha2-${name}`, name].map((text) => field(toUtf8(text))), field(point))
}

/** The names of a key. */
export async function nameKey(key: PublicKey, cryptography: Cryptography): Promise<KeyNames> {
  const pem = await cryptography.sha256(toUtf8(key.pem))
  const der = await cryptography.sha256(key.spki)
  const ssh = await cryptography.sha256(sshBlob(key))
  return {
    keyId: toHex(pem),
    derHint: encodeBase64(der),
    ssh: `SHA256:${encodeBase64(ssh).replaceAll('=', '')}`,
  }
}
