/**
 * What a verified statement says, and whether it says it about these bytes, by this key, today.
 *
 * Types that are understood: our clearance and the manifest of OpenSSF Model Signing. Any other is a signed text whose
 * meaning is open (it may revoke or accuse), so it passes only when the caller names the type that it wants.
 */
import { Fault, type ManifestFile } from '../base/index.ts'
import type { ChosenKey } from './check-key.ts'
import { CLEARANCE_TYPE, readClearance, type Clearance } from './clearance.ts'
import type { Cryptography } from './cryptography.ts'
import { EARLY_TYPE, readEarlyCertificate, type EarlyCertificate } from './early-certificate.ts'
import { refuseAlone } from './keys/biting.ts'
import { OMS_TYPE, readOms } from './oms.ts'
import { CLOCK_SKEW } from './check-timestamp.ts'
import { held, notApplicable, skipped, type Outcome } from './report.ts'
import type { StatementRead } from './statement.ts'

/** What the predicate turned out to be. */
export type Content =
  | { readonly kind: 'clearance'; readonly clearance: Clearance }
  | { readonly kind: 'manifest'; readonly files: readonly ManifestFile[] }
  | { readonly kind: 'early'; readonly certificate: EarlyCertificate }
  | { readonly kind: 'other' }

const DAY = 24 * 60 * 60 * 1000

/** Reads the predicate by its type. @throws Fault `predicate-type`, `quorum-wanted` and those of `readClearance`, `readEarlyCertificate` and `readOms` */
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
  if (predicateType === CLEARANCE_TYPE) {
    const clearance = readClearance(predicate)
    return held(`clearance ${clearance.number}: ${clearance.decision}`, { kind: 'clearance', clearance })
  }
  if (predicateType === EARLY_TYPE) {
    const certificate = readEarlyCertificate(predicate)
    return held(`certificate ${certificate.number}: ${certificate.result}`, { kind: 'early', certificate })
  }
  if (predicateType === OMS_TYPE) {
    const files = await readOms(statement, cryptography)
    return held(`OpenSSF Model Signing manifest of ${files.length} files`, { kind: 'manifest', files })
  }
  if (wanted !== undefined) return held(`${shown}, as wanted; its content was not read`, { kind: 'other' })
  return { ...skipped('predicate-unknown', `a statement of type ${shown} is not understood`), value: { kind: 'other' } }
}

/** When it says that it was issued and until when it holds; undefined where it says nothing of the kind. */
function datesOf(content: Content): { readonly issuedAt: string; readonly expiresOn: string } | undefined {
  if (content.kind === 'clearance') return content.clearance
  if (content.kind !== 'early') return undefined
  return { issuedAt: content.certificate.testedAt, expiresOn: content.certificate.expiresOn }
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

/** Holds the issuer of a clearance against the key that signed. @throws Fault `issuer`, `hint` */
export function checkIssuer(content: Content, chosen: ChosenKey, hint: string | undefined): Outcome {
  if (content.kind !== 'clearance') return notApplicable('the statement names no issuer')
  const { issuer, issuedAt } = content.clearance
  if (issuer.keyId !== chosen.names.keyId)
    throw new Fault('issuer', `the clearance names the key ${issuer.keyId}; ${chosen.names.keyId} signed it`)
  if (hint !== chosen.names.keyId) throw new Fault('hint', 'the bundle of a clearance names its key by the hex key id')
  return held(`issued ${issuedAt} by the key that it names`, undefined)
}

/** Checks that a certificate holds at `now` (ms since 1970). @throws Fault `issued-in-future`, `expired` */
export function checkExpiry(content: Content, now: number): Outcome {
  const said = datesOf(content)
  if (said === undefined) return notApplicable('the statement names no expiry')
  const { issuedAt, expiresOn } = said
  if (Date.parse(issuedAt) > now + CLOCK_SKEW)
    throw new Fault('issued-in-future', `it was issued ${issuedAt}, and now it is ${new Date(now).toISOString()}`)
  if (now >= Date.parse(expiresOn) + DAY) throw new Fault('expired', `it held until ${expiresOn}`)
  return held(`holds until ${expiresOn}`, undefined)
}
