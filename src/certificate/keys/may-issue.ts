/**
 * Might this key say this, at that time? A pure function of the keyring, with the reason when not.
 *
 * The time is the trusted one: of an RFC 3161 timestamp or of the log, never the signer's word. Where there is none, the
 * statement counts as made now, so that an old key cannot date back; and where the key is revoked from some time on, a
 * statement without trusted time is void altogether, since whoever stole the key would simply leave the time out.
 *
 * Rotation follows: two keys with overlapping windows both hold in the overlap, and the old one holds for what was
 * stamped in its window for ever.
 */
import type { Keyring, KeyringKey } from './keyring.ts'

/** Why a key may not issue. */
export type IssueRefusal =
  | 'key-unknown'
  | 'role'
  | 'predicate-type'
  | 'not-yet-valid'
  | 'expired'
  | 'revoked'
  | 'revoked-without-time'

/** What is asked. */
export interface IssueQuestion {
  /** Hex SHA-256 of the PEM. */
  readonly keyId: string
  readonly predicateType: string
  /** Trusted time of the signature, ms since 1970; undefined when there is none. */
  readonly at: number | undefined
  /** ms since 1970. */
  readonly now: number
}

/** The answer. */
export type IssueAnswer =
  | { readonly allowed: true; readonly key: KeyringKey }
  | { readonly allowed: false; readonly reason: IssueRefusal; readonly message: string }

function refuse(reason: IssueRefusal, message: string): IssueAnswer {
  return { allowed: false, reason, message }
}

function showTime(ms: number): string {
  return new Date(ms).toISOString()
}

function judgeTime(key: KeyringKey, { at, now }: IssueQuestion): IssueAnswer {
  const { validFrom, validUntil = Infinity, revoked } = key
  const time = at ?? now
  if (revoked !== undefined && at === undefined)
    return refuse(
      'revoked-without-time',
      `the key is ${revoked.reason} from ${showTime(revoked.from)}, and no trusted time says that this came before`,
    )
  if (revoked !== undefined && time >= revoked.from)
    return refuse('revoked', `signed ${showTime(time)}; the key is ${revoked.reason} from ${showTime(revoked.from)}`)
  if (time < validFrom)
    return refuse('not-yet-valid', `signed ${showTime(time)}; the key holds from ${showTime(validFrom)}`)
  if (time > validUntil)
    return refuse('expired', `signed ${showTime(time)}; the key held until ${showTime(validUntil)}`)
  return { allowed: true, key }
}

/** Answers the question; see the module. */
export function mayIssue({ keys }: Keyring, question: IssueQuestion): IssueAnswer {
  const key = keys.find(({ keyId }) => keyId === question.keyId)
  if (key === undefined) return refuse('key-unknown', `the key ${question.keyId} is not in the keyring`)
  const { role, predicateTypes } = key
  const type = JSON.stringify(question.predicateType.slice(0, 200))
  if (role === 'log' || role === 'tsa' || role === 'witness')
    return refuse('role', `the key of a ${role} signs no statements`)
  if (!predicateTypes.includes(question.predicateType))
    return refuse('predicate-type', `this key of a ${role} may not sign ${type}`)
  return judgeTime(key, question)
}
