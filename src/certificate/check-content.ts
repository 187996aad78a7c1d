/**
 * What a verified statement says, and whether it says it about these bytes, by this key, today.
 *
 * Types that are understood: ours and the manifest of OpenSSF Model Signing. Any other is a signed text whose meaning is
 * open (it may revoke or accuse), so it passes only when the caller names the type that it wants; and so do those of ours
 * that revoke, reply, announce or arrange.
 */
import { Fault } from '../base/index.ts'
import type { Bundle } from './bundle.ts'
import type { ChosenKey } from './check-key.ts'
import type { Cryptography } from './cryptography.ts'
import { isLowS } from './ecdsa.ts'
import { EARLY_TYPE, readEarlyCertificate, type EarlyCertificate } from './early-certificate.ts'
import { refuseAlone } from './keys/biting.ts'
import { OMS_TYPE, type OmsManifest } from './manifest/oms.ts'
import { describeManifest, readOms } from './manifest/read-oms.ts'
import { CLOCK_SKEW } from './clock-skew.ts'
import { held, notApplicable, skipped, type Outcome } from './report.ts'
import type { StatementRead } from './statement.ts'
import { LETS_IN } from './statements/granted.ts'
import type { ReadPredicate } from './statements/predicate-types.ts'
import { readPredicate } from './statements/read-predicate.ts'
import type { Clearance } from './statements/types/clearance.ts'
import type { StatementCommon } from './statements/types/common.ts'

/** What the predicate turned out to be. */
export type Content =
  | { readonly kind: 'clearance'; readonly clearance: Clearance }
  | { readonly kind: 'statement'; readonly predicate: Exclude<ReadPredicate, { readonly kind: 'clearance' }> }
  | { readonly kind: 'manifest'; readonly manifest: OmsManifest }
  | { readonly kind: 'early'; readonly certificate: EarlyCertificate }
  | { readonly kind: 'other' }

/** Statements of ours that annul, answer, announce or arrange: as good as a certificate to nobody who did not ask for one. */
const ABOUT_OTHERS: ReadonlySet<string> = new Set(['revocation', 'reply', 'family', 'test-intent', 'status-list'])
const DAY = 24 * 60 * 60 * 1000

/** Reads the predicate by its type. @throws Fault `predicate-type`, `quorum-wanted` and those of `readPredicate`, `readEarlyCertificate` and `readOms` */
export async function checkPredicate(
  statement: StatementRead,
  wanted: string | undefined,
  cryptography: Cryptography,
): Promise<Outcome<Content>> {
  refuseAlone(statement)
  const { predicateType, predicate } = statement
  const shown = JSON.stringify(predicateType.slice(0, 200))
  if (wanted !== undefined && predicateType !== wanted)
    throw new Fault('predicate-type', `the statement is of type ${shown}, not "${wanted}"`)
  const own = readPredicate(predicateType, predicate)
  if (own?.kind === 'clearance') {
    const clearance = own.content
    return held(`clearance ${clearance.number}: ${clearance.decision}`, { kind: 'clearance', clearance })
  }
  if (own !== undefined) {
    const value = { kind: 'statement', predicate: own } as const
    if (wanted !== undefined || !ABOUT_OTHERS.has(own.kind)) return held(describePredicate(own), value)
    const message = `a ${describePredicate(own)}: it is genuine so far, but vouches for no model`
    return { ...skipped('type-not-named', message), value }
  }
  if (predicateType === EARLY_TYPE) {
    const certificate = readEarlyCertificate(predicate)
    return held(`certificate ${certificate.number}: ${certificate.result}`, { kind: 'early', certificate })
  }
  if (predicateType === OMS_TYPE) {
    const manifest = await readOms(statement, cryptography)
    return held(describeManifest(manifest, statement.subject.rehash), { kind: 'manifest', manifest })
  }
  if (wanted !== undefined) return held(`${shown}, as wanted; its content was not read`, { kind: 'other' })
  return { ...skipped('predicate-unknown', `a statement of type ${shown} is not understood`), value: { kind: 'other' } }
}

/**
 * Refuses what is genuine and does not let a model in: for whoever goes on only with what was cleared.
 *
 * @throws Fault `not-cleared`
 */
export function demandCleared(outcome: Outcome<Content>): Outcome<Content> {
  const { value } = outcome
  if (value.kind !== 'clearance') throw new Fault('not-cleared', 'a clearance is wanted, and this is none')
  const { decision } = value.clearance
  if (!LETS_IN.has(decision))
    throw new Fault('not-cleared', `the decision was "${decision}"; what was cleared is wanted`)
  return outcome
}

/** One line about a statement of ours, for a person. */
function describePredicate({ kind, content }: ReadPredicate): string {
  const members: ReadonlyMap<string, unknown> = new Map(Object.entries(content))
  const words = ['number', 'result', 'verdict', 'relation', 'action', 'outcome'].map((name) => members.get(name))
  return [kind, ...words.filter((word) => typeof word === 'string')].join(' ')
}

/** What every statement of ours says of itself; undefined for those of others. */
export function commonOf(content: Content): StatementCommon | undefined {
  if (content.kind === 'clearance') return content.clearance
  return content.kind === 'statement' ? content.predicate.content : undefined
}

/** When it says that it was issued and until when it holds; undefined where it says nothing of the kind. */
function datesOf(content: Content): { readonly issuedAt: string; readonly expiresOn?: string } | undefined {
  if (content.kind === 'early')
    return { issuedAt: content.certificate.testedAt, expiresOn: content.certificate.expiresOn }
  if (content.kind === 'statement' && content.predicate.kind === 'mot-result') return content.predicate.content
  return content.kind === 'clearance' ? content.clearance : commonOf(content)
}

/** When the statement says that it was issued, ms since 1970; undefined where it does not say. */
export function issuedAtOf(content: Content): number | undefined {
  const said = datesOf(content)
  return said === undefined ? undefined : Date.parse(said.issuedAt)
}

/** Checks that the key may sign statements of this type; of none, for a bare signature. @throws Fault `key-role` */
export function checkRole({ trust }: ChosenKey, predicateType: string | undefined): void {
  const { predicateTypes } = trust
  if (predicateTypes === undefined || (predicateType !== undefined && predicateTypes.includes(predicateType))) return
  const what = predicateType === undefined ? 'files without a statement' : JSON.stringify(predicateType.slice(0, 200))
  throw new Fault('key-role', `the key is not trusted to sign ${what}`)
}

/**
 * Holds the issuer that a statement of ours names against the key that signed, and the signature against the one form
 * that we give it.
 *
 * @throws Fault `issuer`, `hint`, `signature-form`
 */
export function checkIssuer(content: Content, chosen: ChosenKey, { hint, rawSignature }: Bundle): Outcome {
  const common = commonOf(content)
  if (common === undefined) return notApplicable('the statement names no issuer')
  const { issuer, issuedAt } = common
  if (issuer.keyId !== chosen.names.keyId)
    throw new Fault('issuer', `the statement names the key ${issuer.keyId}; ${chosen.names.keyId} signed it`)
  if (hint !== chosen.names.keyId)
    throw new Fault('hint', 'the bundle of a statement of ours names its key by the hex key id')
  if (!isLowS(rawSignature))
    throw new Fault(
      'signature-form',
      'the signature is the twin of one of ours, which anybody can make: s is not the lower',
    )
  return held(`issued ${issuedAt} by the key that it names`, undefined)
}

/** Checks that a certificate holds at `now` (ms since 1970). @throws Fault `issued-in-future`, `expired` */
export function checkExpiry(content: Content, now: number): Outcome {
  const said = datesOf(content)
  if (said === undefined) return notApplicable('the statement names no expiry')
  const { issuedAt, expiresOn } = said
  if (Date.parse(issuedAt) > now + CLOCK_SKEW)
    throw new Fault('issued-in-future', `it was issued ${issuedAt}, and now it is ${new Date(now).toISOString()}`)
  if (expiresOn === undefined) return notApplicable(`issued ${issuedAt}; the statement names no expiry`)
  if (now >= Date.parse(expiresOn) + DAY) throw new Fault('expired', `it held until ${expiresOn}`)
  return held(`holds until ${expiresOn}`, undefined)
}
