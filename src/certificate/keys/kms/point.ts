/** A P-256 key out of its coordinates or its point, as key services and tokens give them. Source: SEC 1 section 2.3.3. */
import { Fault } from '../../../base/index.ts'
import { concatBytes } from '../../encoding.ts'
import { writePem } from '../../public-key.ts'

const START = Uint8Array.from(Buffer.from('3059301306072a8648ce3d020106082a8648ce3d030107034200', 'hex'))

/** The PEM of a point of 65 bytes. Whether it lies on the curve is found out by whoever verifies. @throws Fault `key-unreadable` */
export function pointToPem(point: Uint8Array): string {
  if (point.length !== 65 || point[0] !== 4)
    throw new Fault('key-unreadable', `a point of ${point.length} bytes is not one of P-256 in uncompressed form`)
  return writePem(concatBytes(START, point))
}

/** The PEM of a point by its coordinates, 32 bytes each or fewer. @throws Fault `key-unreadable` */
export function toP256Pem(x: Uint8Array, y: Uint8Array): string {
  if (x.length > 32 || y.length > 32) throw new Fault('key-unreadable', 'a coordinate of the key is too long for P-256')
  const pad = (bytes: Uint8Array): Uint8Array => concatBytes(new Uint8Array(32 - bytes.length), bytes)
  return pointToPem(concatBytes(Uint8Array.of(4), pad(x), pad(y)))
}
