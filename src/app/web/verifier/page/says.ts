/** What a certificate or a token says, once its signature held. */
import { formatDay, formatGroups } from '../../../../base/index.ts'
import type { VerificationReport } from '../../../../verify.ts'
import { element, type Child } from './element.ts'
import { heading, mono, MOST_ROWS, paragraph, row } from './parts.ts'
import type { Result } from './render.ts'

/** Of a certificate: number, dates, issuer, model, reasons; nothing before the signature held. */
export function renderClearance({ report }: Result): Child {
  if (report.schema !== 'tidewaiter/verification/v1' || report.statement === null) return undefined
  const { keyId, predicateType, subject, clearance } = report.statement
  const { dirHash1: _, ...named } = subject.digest
  const digests = Object.entries(named).map(([kind, digest]) => row(kind, mono(digest)))
  return [
    heading('What it says'),
    element(
      'dl',
      { class: 'govuk-summary-list' },
      clearance !== undefined && [
        row('Number', formatGroups(clearance.number)),
        row('Issued', formatDay(clearance.issuedAt)),
        row('Holds until', formatDay(clearance.expiresOn)),
        row('Issued by', [clearance.issuer.name ?? 'no name is given', ' (a name is whatever the issuer wrote)']),
      ],
      row('Model', subject.name),
      digests,
      row('Kind of statement', mono(predicateType)),
      row('Signed by the key', mono(keyId)),
    ),
    clearance !== undefined && renderReasons(clearance.reasons),
  ]
}

type Reasons = NonNullable<NonNullable<VerificationReport['statement']>['clearance']>['reasons']

function renderReasons(reasons: Reasons): Child {
  const items = reasons
    .slice(0, MOST_ROWS)
    .map(({ message, evidence }) =>
      element(
        'li',
        {},
        message,
        evidence.length > 0 && element('p', { class: 'tw-small' }, evidence.slice(0, 20).join(', ')),
      ),
    )
  return [
    heading('Reasons of the decision'),
    items.length === 0
      ? paragraph('No condition of the policy was met.')
      : element('ol', { class: 'govuk-list govuk-list--number' }, items),
    reasons.length > MOST_ROWS && paragraph(`and ${reasons.length - MOST_ROWS} more`),
  ]
}

/** Of a token. */
export function renderToken({ report }: Result): Child {
  if (report.schema !== 'tidewaiter/token-check/v1' || report.token === null) return undefined
  const { number, model, expiresOn, statusIndex, keyPrefix } = report.token
  return [
    heading('What it says'),
    element(
      'dl',
      { class: 'govuk-summary-list' },
      row('Number', formatGroups(number)),
      row('Holds until', formatDay(expiresOn)),
      row('Model', mono(`tw1:${model}…`)),
      row('Index in the status list', statusIndex ?? 'in none'),
      row('Signed by the key', mono(`${keyPrefix}…`)),
    ),
  ]
}
