/** The results of a verification in plain words. */
import type { VerificationReport } from '../../../../verify.ts'

/** What each check asks, as a person would. */
export const CHECK_WORDS: ReadonlyMap<string, string> = new Map([
  ['bundle', 'Is the file a certificate of the one form that is taken?'],
  ['key', 'Does it name a key that you trust?'],
  ['signature', 'Did that key sign exactly this text?'],
  ['log', 'Is it proven to stand in a public log that you trust?'],
  ['witnesses', 'Have enough witnesses seen the same log?'],
  ['timestamp', 'Does a trusted authority say when it was signed?'],
  ['statement', 'Is the signed text a statement about one subject?'],
  ['predicate', 'Is it of a kind that is understood, and complete?'],
  ['key-validity', 'Was the key valid when it signed?'],
  ['issuer', 'Does it name the key that signed it, valid at the time?'],
  ['subject', 'Is it about the model that you gave?'],
  ['files', 'Is each file as it was signed?'],
  ['status', 'Has it been withdrawn since?'],
  ['expiry', 'Does it hold today?'],
  ['form', 'Is the text a token of the one form that is taken?'],
  ['model', 'Is it about the model that you gave?'],
])

/** What an outcome is called, and the colour of its tag. */
export const OUTCOME_WORDS = {
  pass: ['Holds', 'green'],
  fail: ['Fails', 'red'],
  skipped: ['Not checked', 'yellow'],
  'not-applicable': ['Nothing to check', 'grey'],
} as const

/** A verdict as a heading and a sentence. */
export const VERDICT_WORDS: Readonly<Record<VerificationReport['verdict'], readonly [string, string]>> = {
  pass: ['The certificate is genuine', 'Every check that applies was made, and every one holds.'],
  partial: [
    'Not everything was checked',
    'What was checked holds. Do not rely on the rest; below it says what is missing.',
  ],
  fail: ['Do not rely on this certificate', 'A check failed. What the file says may be false.'],
  malformed: ['This is not a certificate that can be read', 'The file is damaged, of another kind, or was altered.'],
  expired: ['The certificate has expired', 'It was genuine, and it says nothing about today.'],
  revoked: ['The certificate was withdrawn', 'It was genuine when it was issued and no longer holds.'],
  stale: ['What is known is too old', 'A newer status is needed before the certificate can be relied on.'],
}

/** What a decision means. */
export const DECISION_MEANINGS: ReadonlyMap<string, readonly [string, string]> = new Map([
  ['cleared', ['Cleared', 'green']],
  ['cleared-with-advisories', ['Cleared with advisories', 'amber']],
  ['held', ['Held: the model may not be used until a person has looked', 'amber']],
  ['refused', ['Refused: the model may not be used', 'red']],
] as const)

const REASONS: ReadonlyMap<string, string> = new Map([
  ['no-artefact', 'You gave no model. The certificate may be genuine and still belong to another model than yours.'],
  ['key-missing', 'You gave no public key. Without one, a signature proves only that somebody signed.'],
  ['hint', 'It was signed by a key that is not among those you trust.'],
  ['keyid', 'It names two different keys.'],
  ['signature', 'The text was changed, or another key signed it.'],
  ['subject-mismatch', 'The certificate is about another model than the one you gave.'],
  ['file-changed', 'A file of the model is not as it was signed.'],
  ['file-extra', 'The model has a file that was not signed.'],
  ['file-missing', 'A file that was signed is not there.'],
  ['log-not-verified', 'You gave no trusted root, so whether it was published was not checked.'],
  ['timestamp-not-verified', 'You gave no trusted root, so when it was signed was not checked.'],
  [
    'log-entry-count',
    'Nothing shows that the certificate was published in a log that you trust. Somebody may have taken that out.',
  ],
  [
    'timestamp-count',
    'No authority that you trust says when the certificate was signed. Somebody may have taken that out.',
  ],
  ['key-validity', 'The key was not valid when it signed.'],
  ['key-compromised', 'Others may have had the key by then.'],
  ['cannot-check', 'This browser cannot make the check. Take a newer one, or use the program.'],
  ['revoked', 'The issuer withdrew it for good, by the status list.'],
  ['suspended', 'The issuer suspended it, by the status list; until it is reinstated it does not hold.'],
  ['superseded', 'The issuer replaced it by another, by the status list.'],
  ['stale', 'The status list is too old to say whether it holds today. Get a newer one from the issuer.'],
  ['status-rollback', 'The status list is older than the certificate or than one that was seen. Get a newer one.'],
  ['status-log-other', 'The status list is of another log than the certificate.'],
  ['status-list-other', 'The certificate stands in another status list.'],
  ['status-unknown', 'Whether it was withdrawn since was not asked.'],
  ['not-reached', 'An earlier check failed.'],
])

const FAILURES: ReadonlyMap<string, string> = new Map([
  ['bundle', 'The file is damaged, of another kind, or was altered.'],
  ['log', 'That it was published is not proven: the proof is altered, or of another log than you trust.'],
  ['witnesses', 'Too few witnesses have seen this state of the log.'],
  ['timestamp', 'The time stamp is not of this signature, or not of an authority that you trust.'],
  ['statement', 'The signed text is not a statement that can have only one meaning.'],
  ['predicate', 'The signed statement is of another kind, or not complete.'],
  ['key-validity', 'The key was not valid when it signed, or nothing proves that it was.'],
  ['issuer', 'It was signed by another key than it says, or by one that may not sign such.'],
])

/** What a check says of itself that did not hold. */
export interface Unheld {
  readonly id: string
  readonly outcome: string
  readonly reason: string | null
}

/** Why, in a sentence; undefined when the message of the check has to do. */
export function explain({ id, outcome, reason }: Unheld): string | undefined {
  if (outcome === 'pass' || reason === null) return undefined
  return REASONS.get(reason) ?? (outcome === 'fail' ? FAILURES.get(id) : undefined)
}
