/**
 * Registers a kit: holds it against what is known, then enters it with its time and the disputes that this opens.
 *
 * It is held against every earlier kit of another registrant by their panels, against every fingerprint of the register
 * by digests, and against the public models that are named by an examination. A hit is a dispute and no verdict: it says
 * that two claims meet, and leaves to people whose is older and what follows.
 */
import { Fault, sha256 } from '../../base/index.ts'
import { decodeFingerprint, type ModelSide } from '../../lineage/index.ts'
import {
  comparePanels,
  countEqualMatrices,
  decodeKit,
  examineAgainstKit,
  isKin,
  keyNames,
  type KitKey,
  type SecretKey,
  type SecretKit,
} from '../../lineage/secret/index.ts'
import type { KitRecord, NewDispute, Register } from '../../register/index.ts'

/** A public model that is held against the kit. */
export interface PublicModel extends ModelSide {
  readonly ref: string
}

/** What is registered, and by whom. */
export interface Registration {
  readonly registrant: string
  readonly bytes: Uint8Array
  readonly key: KitKey
  /** The panel key of this registry. */
  readonly panelKey: SecretKey
  readonly against: readonly PublicModel[]
  readonly threads?: number
  readonly signal?: AbortSignal
}

/** What came of it. */
export interface Registered {
  readonly kit: KitRecord
  readonly disputes: readonly NewDispute[]
  /** Earlier kits that it could not be held against. */
  readonly untested: readonly string[]
}

function heldAgainstKits(
  kit: SecretKit,
  { registrant, panelKey }: Registration,
  earlier: readonly KitRecord[],
): { readonly disputes: NewDispute[]; readonly untested: string[] } {
  const results = earlier
    .filter((each) => each.registrant !== registrant)
    .map((each) => ({ each, found: comparePanels(kit, decodeKit(each.bytes), panelKey) }))
  return {
    disputes: results
      .filter(({ found }) => found.kin)
      .map(({ each, found: { log10p, agreeing, layers } }) => ({
        kind: 'earlier-kit',
        other: each.id,
        log10p,
        detail: `${agreeing} of ${layers} layers of the panel agree with the kit registered ${each.registeredAt}`,
      })),
    untested: results.filter(({ found }) => !found.tested).map(({ each }) => each.id),
  }
}

async function heldAgainstFingerprints(kit: SecretKit, seed: SecretKey, register: Register): Promise<NewDispute[]> {
  const disputes: NewDispute[] = []
  for await (const { modelId, ref, bytes } of register.fingerprints()) {
    const equal = countEqualMatrices(kit, seed, decodeFingerprint(bytes))
    const detail = `${equal} matrices hold the very values of the public model ${ref}`
    if (equal > 0) disputes.push({ kind: 'public-digest', other: modelId, log10p: null, detail })
  }
  return disputes
}

async function heldAgainstModels(
  kit: SecretKit,
  { key, against, threads, signal }: Registration,
): Promise<NewDispute[]> {
  const disputes: NewDispute[] = []
  for (const model of against) {
    const found = await examineAgainstKit(model, kit, {
      seed: key.seed,
      ...(threads === undefined ? {} : { threads }),
      ...(signal === undefined ? {} : { signal }),
    })
    const detail = `the public model ${model.ref} is ${found.verdict} by examination: ${found.reasons[0] ?? ''}`
    if (isKin(found))
      disputes.push({ kind: 'public-kin', other: model.opened.artefact.id, log10p: found.log10p, detail })
  }
  return disputes
}

/**
 * Registers a kit; see the module.
 *
 * @throws Fault `bad-kit`, `wrong-key`, `kit-registered`, `register-moved`, `bad-registrant`
 */
export async function registerKit(register: Register, registration: Registration): Promise<Registered> {
  const { registrant, bytes, key, panelKey } = registration
  if (registrant === '' || registrant.length > 200 || /\p{Cc}/u.test(registrant))
    throw new Fault('bad-registrant', 'a registrant has 1 to 200 characters, none of them a control character')
  const kit = decodeKit(bytes)
  const own = keyNames({ seed: key.seed, panel: panelKey })
  if (own.key !== kit.key) throw new Fault('wrong-key', 'the key is not that of the kit')
  if (kit.panelKey !== null && kit.panelKey !== own.panelKey)
    throw new Fault('wrong-key', 'the panel of the kit was made under the key of another registry')
  const earlier = await register.kits.list()
  const known = earlier.find((each) => each.sha256 === sha256(bytes))
  if (known !== undefined) throw new Fault('kit-registered', `these bytes were registered before, as ${known.id}`)
  const { disputes: earlierKits, untested } = heldAgainstKits(kit, registration, earlier)
  const disputes = [
    ...earlierKits,
    ...(await heldAgainstFingerprints(kit, key.seed, register)),
    ...(await heldAgainstModels(kit, registration)),
  ]
  const entered = await register.kits.enter({ registrant, bytes, key: kit.key, disputes, seen: earlier.length })
  return { kit: entered, disputes, untested }
}
