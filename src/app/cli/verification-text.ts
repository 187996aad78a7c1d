/**
 * A verification for people: every check with its evidence, what the certificate says, and what it comes to.
 *
 * The verdict stands last, in one sentence that can be acted on.
 */
import { showUnseen } from '../../base/index.ts'
import type { Check, VerificationReport } from '../../verify.ts'

const OUTCOMES: Readonly<Record<Check['outcome'], string>> = {
  pass: 'holds',
  fail: 'FAILS',
  skipped: 'not checked',
  'not-applicable': 'does not apply',
}

const LEVELS: Readonly<Record<NonNullable<VerificationReport['level']>, string>> = {
  signed: 'signed only: that it was published, and when it was signed, is the signer’s word',
  stamped: 'signed, and stamped by a trusted authority; nothing shows that it was published',
  logged: 'signed, and published in a trusted log; when it was signed is the signer’s word',
  'logged-and-stamped': 'signed, published in a trusted log, and stamped by a trusted authority',
}

/** What to do about a check that could not be made. */
const ADVICE: ReadonlyMap<string, string> = new Map([
  ['no-artefact', 'give the model: --artefact PATH'],
  ['log-not-verified', 'give what you trust: --trusted-root FILE'],
  ['timestamp-not-verified', 'give what you trust: --trusted-root FILE'],
  ['signed-file-missing', 'give the file that was signed: --artefact PATH'],
  ['key-missing', 'get the key from the issuer, by another way than the certificate, and give it: --key PEM'],
  ['stale', 'get the newest list from the issuer: --status URL'],
  ['status-rollback', 'get the newest list from the issuer: --status URL'],
  ['status-unreachable', 'ask again, or give a list that you have: --status FILE'],
  ['predicate-unknown', 'if you want a statement of this type, say so: --type TYPE'],
  ['statement-type', 'if another tool made it, take its old form: --foreign'],
])

/** Text out of a bundle on one line, so that it cannot speak in our name on the next. */
function showLine(text: string): string {
  return showUnseen(text).replaceAll('\n', '⟨U+000A⟩')
}

function headline({ verdict, reason, checks }: VerificationReport): string {
  if (verdict === 'pass') return 'PASS: every check holds.'
  const deciding = checks.find((check) => check.reason === reason && check.reason !== null)
  const why = deciding === undefined ? '.' : `: ${showLine(deciding.message)}.`
  const advice = ADVICE.get(reason ?? '')
  const rest = advice === undefined ? '' : `\nTo go on, ${advice}`
  if (verdict === 'partial') return `PARTIAL (${reason}): what was checked holds, but not all was checked${why}${rest}`
  return `${verdict.toUpperCase()} (${reason}): do not rely on it${why}${rest}`
}

function says({ statement, level }: VerificationReport): readonly string[] {
  if (statement === null)
    return level === null ? [] : ['It says nothing: a bare signature over a file is no certificate.']
  const { clearance, subject, predicateType } = statement
  const name = showLine(JSON.stringify(subject.name))
  const head =
    clearance === undefined
      ? `It says: a statement of type ${showLine(predicateType)} about ${name}.`
      : `The certificate says: ${clearance.decision} (${clearance.channel}), number ${clearance.number}, until ${clearance.expiresOn}, about ${name}.`
  return [head]
}

/** The whole text, without a newline at its end. */
export function describeVerification(report: VerificationReport): string {
  const lines = report.checks.map(
    ({ id, outcome, message }) => `  ${OUTCOMES[outcome].padEnd(14)} ${id.padEnd(13)} ${showLine(message)}`,
  )
  const level = report.level === null ? [] : [`Evidence: ${LEVELS[report.level]}.`]
  return [...lines, '', ...says(report), ...level, headline(report)].join('\n')
}
