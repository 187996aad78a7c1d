/**
 * Secret models: the registration kit, what is found and opened against it alone, and the seal. A door of its own, since
 * a comparison of two models at hand needs none of it.
 */
export { challengeKit, readChallenge, type Challenge } from './challenge.ts'
export { checkOpening, type OpeningResult } from './check-opening.ts'
export { comparePanels, countEqualMatrices } from './compare-kits.ts'
export { examineAgainstKit, isKin } from './examine-kit.ts'
export { keyNames, parseKitKey, writeKitKey, type KitKey } from './kit-key.ts'
export { makeKit, type KitOptions, type MadeKit } from './make-kit.ts'
export { MODEL_BUCKETS, sketchOfModel } from './keyed-sketch.ts'
export { openKit, type Opening } from './open-kit.ts'
export { parseKey as parseSecretKey, type SecretKey } from './prf.ts'
export { identifySeal, type SealIdentification, type SealOriginal } from './identify-seal.ts'
export { issueKitKey, panelSeed, unsealKitKey } from './registry-keys.ts'
export { sealModel, type SealRecord } from './seal-model.ts'
export { decodeKit, encodeKit, type SecretKit } from './secret-kit.ts'
export { deal as dealTwoParty, decodeDealt, encodeDealt, type Dealt } from './two-party/dealer.ts'
export { runParty } from './two-party/party.ts'
export { thresholdOf } from './two-party/threshold.ts'
