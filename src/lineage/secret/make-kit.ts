/**
 * Makes the kit of a secret model: one pass over all weights for the digests, a few rows more for signs and sketches.
 *
 * Guarantee: the same model, key and vendor secret give the same bytes on every machine.
 */
import type { OpenedArtefact } from '../../artefact/index.ts'
import { Fault } from '../../base/index.ts'
import type { ArtefactFacts } from '../../formats/index.ts'
import { digestParts, recordsOf, type Digested, type FingerprintOptions } from '../fingerprint/fingerprint-model.ts'
import type { TensorRecord } from '../fingerprint/fingerprint.ts'
import { readResidualKits, readUnitKit } from '../fingerprint/kit.ts'
import { residualWidth } from '../weights/mlp.ts'
import { partSize, type Part } from '../weights/part.ts'
import { openWeights, type Weights } from '../weights/weights.ts'
import { isSketched, PLACE_BITS, SKETCHED_ROLES, sketchPlace } from './keyed-sketch.ts'
import { keyNames, type KitKey } from './kit-key.ts'
import { maskKit, maskPanel } from './mask-kit.ts'
import { hmac, keyedDraw, type SecretKey } from './prf.ts'
import { MARK_BYTES, MOST_PLACES, type KitPlace, type SecretKit } from './secret-kit.ts'
import { commitTensors, leafTargets, type Commitment } from './tensor-leaves.ts'

/** How to go about it. */
export interface KitOptions extends FingerprintOptions {
  readonly key: KitKey
  /** The vendor's own secret, from which the salts of the leaves follow. */
  readonly secret: SecretKey
}

/** A kit with what opens it. */
export interface MadeKit {
  readonly kit: SecretKit
  readonly commitment: Commitment
}

/** Bytes and layers of unit signs: few layers with many bits find weaker kin than many layers with few. */
const UNITS = { bytes: 54_000, layers: 16 } as const
const PANEL = { bytes: 8000, layers: 8 } as const
/** Smaller matrices say nothing when they are equal. */
const LEAST_ELEMENTS = 4096

/** The keyed digest of the values of a record. @param canonical first 8 bytes of the canonical digest, hex */
export function markOf(key: SecretKey, canonical: string): Uint8Array {
  return new Uint8Array(hmac(key, `mark ${canonical}`).subarray(0, MARK_BYTES))
}

/** A place of a model with the part that stands for it. */
export interface MarkedPart {
  readonly part: Part
  readonly record: TensorRecord
}

/** The matrices of which marks are made, by layer and role. */
export function markedParts(digested: readonly Digested[]): MarkedPart[] {
  const records = new Map(recordsOf(digested).map((each) => [`${each.layer}/${each.role}/${each.bias}`, each]))
  const marked = digested.flatMap(([part]) => {
    const isMatrix = SKETCHED_ROLES.includes(part.role) && !part.bias && part.rows > 1 && part.columns > 1
    const record = records.get(`${part.layer}/${part.role}/false`)
    if (!isMatrix || part.expert > 0 || partSize(part) < LEAST_ELEMENTS || record === undefined) return []
    return record.rms > 0 ? [{ part, record }] : []
  })
  const rank = ({ part }: MarkedPart): number => part.layer * 100 + SKETCHED_ROLES.indexOf(part.role)
  return marked.toSorted((a, b) => rank(a) - rank(b))
}

function placeOf(weights: Weights, { part, record }: MarkedPart, seed: SecretKey): KitPlace {
  return {
    layer: part.layer,
    role: part.role,
    sketch: isSketched(part) ? sketchPlace(weights, part, seed) : new Uint8Array(PLACE_BITS / 8),
    mark: markOf(seed, record.canonical),
  }
}

/** All places, or with too many of them those of every second, third … layer. */
function keptPlaces(marked: readonly MarkedPart[]): readonly MarkedPart[] {
  for (let step = 1; ; step++) {
    const kept = marked.filter(({ part }) => part.layer < 0 || part.layer % step === 0)
    if (kept.length <= MOST_PLACES || step > 1024) return kept.slice(0, MOST_PLACES)
  }
}

function bareKit(weights: Weights, digested: readonly Digested[], { seed, panel }: KitKey): SecretKit {
  const draw = keyedDraw(seed)
  return {
    schema: 'tidewaiter/secret-kit/v1',
    ...keyNames({ seed, panel }),
    width: residualWidth(weights.model),
    depth: weights.model.layers,
    units: readUnitKit(weights, UNITS.bytes, { draw, layers: UNITS.layers }),
    panel: panel === null ? null : readUnitKit(weights, PANEL.bytes, { draw: keyedDraw(panel), layers: PANEL.layers }),
    residual: readResidualKits(weights, { draw }),
    places: keptPlaces(markedParts(digested)).map((each) => placeOf(weights, each, seed)),
    root: '',
    leaves: 0,
  }
}

/**
 * Makes a kit, and keeps what later opens it.
 *
 * @throws Fault `no-kit` for a model that has no units to test; `cancelled`, `changed-while-read`
 */
export async function makeKit(opened: OpenedArtefact, facts: ArtefactFacts, options: KitOptions): Promise<MadeKit> {
  const weights = openWeights(opened, facts)
  try {
    const { unusable } = weights.model
    if (unusable !== null) throw new Fault('no-kit', unusable)
    if (weights.model.parts.some(({ grid }) => grid !== undefined))
      throw new Fault('no-kit', 'weights stand on the grid of a quantised graph: register the model before quantising')
    const digested = await digestParts(weights, options)
    const { seed, panel } = options.key
    const clear = bareKit(weights, digested, options.key)
    const bare = { ...maskKit(clear, seed), panel: panel === null ? null : maskPanel(clear, panel) }
    if (leafTargets(bare).bearing === 0)
      throw new Fault('no-kit', 'no layer has 64 hidden units whose values can be read: there is nothing to register')
    const commitment = commitTensors({
      kit: bare,
      model: weights.model,
      digested,
      artefact: weights.id,
      secret: options.secret,
    })
    return { kit: { ...bare, root: commitment.root, leaves: commitment.leaves.length }, commitment }
  } finally {
    weights.close()
  }
}
