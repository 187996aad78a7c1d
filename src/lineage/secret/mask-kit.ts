/**
 * The mask over all bits of a kit: without the key they are noise.
 *
 * Keyed draws alone would not be enough. Somebody who holds a candidate's weights could look for rows whose signs
 * contain those of the kit, wherever they stand. So every sign that the kit stores is added, modulo 2, to a stream
 * under the key, used once; what is left to see without the key is how large the model is.
 *
 * The stream of the panel runs under the shared key and is told apart by the name of the registration's own key, so
 * that no stream is used for two kits.
 */
import type { UnitKit } from '../fingerprint/fingerprint.ts'
import { PrfStream, type SecretKey } from './prf.ts'
import type { SecretKit } from './secret-kit.ts'

/** Adds a stream to bytes; doing it twice gives them back. */
function mask(bytes: Uint8Array, stream: PrfStream): Uint8Array {
  return bytes.map((byte) => byte ^ stream.byte())
}

function maskUnits(kit: UnitKit | null, stream: PrfStream): UnitKit | null {
  return kit === null
    ? null
    : { ...kit, layers: kit.layers.map((layer) => ({ ...layer, bits: mask(layer.bits, stream) })) }
}

/** Masks or unmasks what stands under the key of the registration: unit signs, residual signs and sketches. */
export function maskKit(kit: SecretKit, seed: SecretKey): SecretKit {
  const residual = new PrfStream(seed, 'mask residual')
  const sketches = new PrfStream(seed, 'mask sketches')
  return {
    ...kit,
    units: maskUnits(kit.units, new PrfStream(seed, 'mask units')),
    residual: kit.residual.map((each) => ({ ...each, bits: mask(each.bits, residual) })),
    places: kit.places.map((each) => ({ ...each, sketch: mask(each.sketch, sketches) })),
  }
}

/** Masks or unmasks the panel. */
export function maskPanel(kit: Pick<SecretKit, 'panel' | 'key'>, panelKey: SecretKey): UnitKit | null {
  return maskUnits(kit.panel, new PrfStream(panelKey, `mask panel ${kit.key}`))
}
