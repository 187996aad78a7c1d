/**
 * The clearance: what the customs house decided about one consignment, as the predicate of a statement.
 *
 * It says the decision and its numbered reasons, on which dossier and by which policy, how much was read, who says so
 * and on what assurance, until when it holds, and whether it stands in a public log. It carries digests of the evidence
 * and none of its content. Read strictly: an unknown member or word is refused, because a verifier that passes over what
 * it does not understand would vouch for it.
 *
 * Source: in-toto attestation framework 1.2; UK MOT certificate for what a holder must be able to read off.
 */
import { Fault, formatTime, isSha256, type StrictJson } from '../base/index.ts'
import { Members } from './members.ts'
import { parseNumber } from './number.ts'

/** Type of the predicate. */
export const CLEARANCE_TYPE = 'https://tidewaiter.example/attestation/clearance/v0.1'

const DECISIONS = ['cleared', 'cleared-with-advisories', 'held', 'refused'] as const
const CHANNELS = ['green', 'amber', 'red'] as const

/** A document by its digest. */
export interface Evidence {
  /** File name inside the dossier, or what else the document is called. */
  readonly name: string
  readonly digest: { readonly sha256: string }
}

/** One numbered reason of the decision. */
export interface ClearanceReason {
  readonly number: number
  /** Id of the condition in the policy. */
  readonly condition: string
  readonly outcome: (typeof DECISIONS)[number]
  readonly message: string
  readonly evidence: readonly string[]
}

/** What was decided; see the module. */
export interface ClearanceContent {
  /** Certificate number, 12 digits. */
  readonly number: string
  readonly decision: (typeof DECISIONS)[number]
  readonly channel: (typeof CHANNELS)[number]
  readonly reasons: readonly ClearanceReason[]
  readonly issuer: { readonly keyId: string; readonly name?: string }
  readonly dossier: Evidence
  readonly policy: { readonly id: string; readonly version: string; readonly digest: string }
  /** What was read: number of files and bytes of all of them, each hashed in full for this clearance. */
  readonly inputs: { readonly files: number; readonly totalBytes: number; readonly rehash: 'full' }
  readonly evidence: readonly Evidence[]
}

/** The predicate. */
export interface Clearance extends ClearanceContent {
  /** RFC 3339 in UTC, to the second. */
  readonly issuedAt: string
  /** The last day on which it holds, UTC: `2027-11-23`. */
  readonly expiresOn: string
  /** Nobody but the issuer vouches for it. */
  readonly assurance: 'self-attested'
  readonly log: 'not logged'
}

/** Months for which a clearance holds. */
const VALIDITY_MONTHS = 12

/** The day `months` after a time, in UTC; the last of the month where the day does not exist. @example addMonths(Date.UTC(2024, 1, 29), 12) // '2025-02-28' */
export function addMonths(ms: number, months: number): string {
  const from = new Date(ms)
  const month = from.getUTCMonth() + months
  const lastDay = new Date(Date.UTC(from.getUTCFullYear(), month + 1, 0)).getUTCDate()
  const day = Math.min(from.getUTCDate(), lastDay)
  return formatTime(Date.UTC(from.getUTCFullYear(), month, day)).slice(0, 10)
}

/** Completes the content of a clearance that is issued at `issuedAt` (ms since 1970) and holds for 12 months. */
export function buildClearance(content: ClearanceContent, issuedAt: number, months = VALIDITY_MONTHS): Clearance {
  return {
    ...content,
    issuedAt: formatTime(issuedAt),
    expiresOn: addMonths(issuedAt, months),
    assurance: 'self-attested',
    log: 'not logged',
  }
}

function refuse(what: string): never {
  throw new Fault('predicate-member', what)
}

const code = 'predicate-member'
const MEMBERS =
  'number decision channel reasons issuer dossier policy inputs evidence issuedAt expiresOn assurance log'.split(' ')

function readDigest(members: Members, name: string): string {
  const digest = members.text(name)
  return isSha256(digest) ? digest : refuse(`${members.where}.${name} is not a SHA-256 in lower-case hex`)
}

function readEvidence(evidence: Members): Evidence {
  const digest = evidence.members('digest', { required: ['sha256'], code })
  return { name: evidence.text('name'), digest: { sha256: readDigest(digest, 'sha256') } }
}

function readReason(reason: Members): ClearanceReason {
  return {
    number: reason.count('number'),
    condition: reason.text('condition'),
    outcome: reason.oneOf('outcome', DECISIONS),
    message: reason.text('message'),
    evidence: reason.texts('evidence'),
  }
}

function readTime(members: Members, name: string, ending: '' | 'T00:00:00Z'): string {
  const text = members.text(name)
  const ms = Date.parse(text + ending)
  if (!Number.isFinite(ms) || formatTime(ms) !== text + ending)
    return refuse(
      `${members.where}.${name} is "${text.slice(0, 40)}", not an RFC 3339 ${ending === '' ? 'time in UTC' : 'date'}`,
    )
  return text
}

function readContent(clearance: Members): ClearanceContent {
  const issuer = clearance.members('issuer', { required: ['keyId'], optional: ['name'], code })
  const policy = clearance.members('policy', { required: ['id', 'version', 'digest'], code })
  const inputs = clearance.members('inputs', { required: ['files', 'totalBytes', 'rehash'], code })
  const number = clearance.text('number')
  parseNumber(number)
  return {
    number,
    decision: clearance.oneOf('decision', DECISIONS),
    channel: clearance.oneOf('channel', CHANNELS),
    reasons: clearance
      .each('reasons', { required: ['number', 'condition', 'outcome', 'message', 'evidence'], code })
      .map(readReason),
    issuer: { keyId: readDigest(issuer, 'keyId'), ...(issuer.has('name') ? { name: issuer.text('name') } : {}) },
    dossier: readEvidence(clearance.members('dossier', { required: ['name', 'digest'], code })),
    policy: { id: policy.text('id'), version: policy.text('version'), digest: readDigest(policy, 'digest') },
    inputs: {
      files: inputs.count('files'),
      totalBytes: inputs.count('totalBytes'),
      rehash: inputs.oneOf('rehash', ['full']),
    },
    evidence: clearance.each('evidence', { required: ['name', 'digest'], code }).map(readEvidence),
  }
}

/** Reads the predicate of a clearance. @throws Fault `predicate-member`, `certificate-number`, `json-type` */
export function readClearance(predicate: StrictJson): Clearance {
  const clearance = new Members(predicate, 'predicate', {
    required: MEMBERS,
    code,
  })
  return {
    ...readContent(clearance),
    issuedAt: readTime(clearance, 'issuedAt', ''),
    expiresOn: readTime(clearance, 'expiresOn', 'T00:00:00Z'),
    assurance: clearance.oneOf('assurance', ['self-attested']),
    log: clearance.oneOf('log', ['not logged']),
  }
}
