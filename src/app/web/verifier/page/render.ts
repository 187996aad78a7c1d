/**
 * The result on the page: verdict first, then what the certificate says, every check with its evidence, and what was not
 * checked.
 *
 * A genuine certificate can say "refused": the colour is that of the decision and of the verdict, whichever is worse.
 */
import type { ManifestFile, TokenReport, VerificationReport } from '../../../../verify.ts'
import { element, type Child } from './element.ts'
import { heading, mono, MOST_ROWS, paragraph } from './parts.ts'
import { renderClearance, renderToken } from './says.ts'
import { CHECK_WORDS, DECISION_MEANINGS, explain, OUTCOME_WORDS, VERDICT_WORDS } from './words.ts'

/** What is shown. */
export interface Result {
  readonly report: VerificationReport | TokenReport
  /** ms since 1970, by the clock of this machine. */
  readonly now: number
  /** Digests of the model's files, when one was given. */
  readonly model?: { readonly dirHash: string; readonly files: readonly ManifestFile[]; readonly passedOver: number }
  /** Whose keys came with the page, when they were used. */
  readonly embeddedFrom?: string
}

/** A manifest says which files are signed and decides nothing. */
const MANIFEST_TYPE = 'https://model_signing/signature/v1.0'

function decisionOf({ report }: Result): string | undefined {
  if (report.schema === 'tidewaiter/token-check/v1') return report.token?.result
  return report.statement?.clearance?.decision
}

/** True for a statement that may decide something which this page does not read. */
function isUnread({ report }: Result): boolean {
  if (report.schema === 'tidewaiter/token-check/v1' || report.statement === null) return false
  return report.statement.clearance === undefined && report.statement.predicateType !== MANIFEST_TYPE
}

function colour(result: Result, decision: readonly [string, string] | undefined): string {
  const { verdict } = result.report
  if (verdict === 'partial') return decision?.[1] === 'red' ? 'red' : 'amber'
  return verdict === 'pass' ? (decision?.[1] ?? (isUnread(result) ? 'amber' : 'green')) : 'red'
}

function renderWhy(check: Result['report']['checks'][number]): readonly Child[] {
  const { reason, message } = check
  const why = explain(check)
  const code = reason === null ? '' : ` [${reason}]`
  const evidence = reason !== 'not-reached' && element('span', { class: 'tw-evidence' }, `${message}${code}`)
  return [why !== undefined && [why, ' '], evidence]
}

/** Checks of the public record for which there was nothing to check. */
function absentFrom({ report }: Result): Result['report']['checks'] {
  const isAbsent = ({ id, outcome }: Result['report']['checks'][number]): boolean =>
    outcome === 'not-applicable' && ['log', 'timestamp', 'witnesses'].includes(id)
  return (report.checks as readonly Result['report']['checks'][number][]).filter(isAbsent) as Result['report']['checks']
}

function renderVerdict(result: Result): HTMLElement {
  const { verdict, checks } = result.report
  const [title, meaning] = VERDICT_WORDS[verdict]
  const decision = DECISION_MEANINGS.get(decisionOf(result) ?? '')
  const deciding = checks.filter((check) =>
    verdict === 'partial' ? check.outcome === 'skipped' && check.reason !== 'not-reached' : check.outcome === 'fail',
  )
  const trusted = verdict === 'pass' || verdict === 'partial'
  return element(
    'div',
    { class: `tw-status tw-${colour(result, decision)}` },
    element('h2', { class: 'govuk-heading-l', id: 'verdict', tabindex: '-1' }, title),
    paragraph(meaning),
    trusted &&
      absentFrom(result).some(({ id }) => id === 'log') &&
      paragraph('Nothing shows that it was published, so a second one, saying something else, could exist.'),
    isUnread(result) &&
      paragraph(
        'This page does not read statements of this kind. That one is genuine says nothing of what it decides: it may as well refuse or revoke.',
      ),
    decision !== undefined && paragraph(element('strong', {}, trusted ? 'It says: ' : 'It said: ', decision[0])),
    deciding.length > 0 &&
      element(
        'ul',
        { class: 'govuk-list govuk-list--bullet' },
        deciding.map((check) => element('li', {}, renderWhy(check))),
      ),
  )
}

function renderChecks({ report }: Result): Child {
  const rows = report.checks.map((check) => {
    const [word, tag] = OUTCOME_WORDS[check.outcome]
    return element(
      'tr',
      { class: 'govuk-table__row' },
      element('th', { class: 'govuk-table__header', scope: 'row' }, CHECK_WORDS.get(check.id) ?? check.id),
      element('td', { class: 'govuk-table__cell' }, element('strong', { class: `govuk-tag govuk-tag--${tag}` }, word)),
      element('td', { class: 'govuk-table__cell' }, renderWhy(check)),
    )
  })
  const head = ['Check', 'Outcome', 'Why'].map((text) =>
    element('th', { class: 'govuk-table__header', scope: 'col' }, text),
  )
  return element(
    'div',
    { class: 'tw-scroll', tabindex: '0', role: 'region', 'aria-label': 'Every check' },
    element(
      'table',
      { class: 'govuk-table' },
      element('caption', { class: 'govuk-table__caption govuk-table__caption--m' }, 'Every check'),
      element('thead', { class: 'govuk-table__head' }, element('tr', { class: 'govuk-table__row' }, head)),
      element('tbody', { class: 'govuk-table__body' }, rows),
    ),
  )
}

function renderLimits(result: Result): Child {
  const { now, embeddedFrom, report } = result
  const withdrawn = report.checks.some(({ id, outcome }) => id === 'status' && outcome === 'pass')
  return [
    heading('What was not checked'),
    element(
      'ul',
      { class: 'govuk-list govuk-list--bullet' },
      absentFrom(result).map(({ id, message }) =>
        element('li', {}, `${CHECK_WORDS.get(id) ?? id} There was nothing to check: ${message}.`),
      ),
      !withdrawn &&
        element(
          'li',
          {},
          'Whether the certificate was withdrawn, or answered, after it was issued. This page asks nobody: look up its number in the public register.',
        ),
      element('li', {}, `Whether this computer’s clock is right. It says ${new Date(now).toUTCString()}.`),
      embeddedFrom === undefined
        ? element(
            'li',
            {},
            'Whether the keys that you gave are the issuer’s. That is what you know and this page does not.',
          )
        : element(
            'li',
            {},
            `Whether the keys that came with this page are the issuer’s. Whoever gave you the page (it says: ${embeddedFrom}) gave you the keys as well; compare them with what the issuer publishes elsewhere.`,
          ),
      element(
        'li',
        {},
        'Whether the model is good, fair or fit for a purpose. A certificate says what was read and what was decided.',
      ),
    ),
  ]
}

function renderModel({ model }: Result): Child {
  if (model === undefined) return undefined
  const { dirHash, files, passedOver } = model
  const rows = files
    .slice(0, MOST_ROWS)
    .map(({ path, sha256 }) => element('li', { class: 'tw-mono' }, `${sha256}  ${path}`))
  return element(
    'details',
    { class: 'govuk-details' },
    element('summary', { class: 'govuk-details__summary' }, `The model as this page read it: ${files.length} files`),
    element(
      'div',
      { class: 'govuk-details__text' },
      paragraph('Identity: ', mono(`tw1:${dirHash}`)),
      passedOver > 0 && paragraph(`${passedOver} files in .git and .cache/huggingface were passed over.`),
      element('ul', { class: 'govuk-list' }, rows),
      files.length > MOST_ROWS && paragraph(`and ${files.length - MOST_ROWS} more`),
    ),
  )
}

/** The whole result. */
export function renderResult(result: Result): readonly Child[] {
  return [
    renderVerdict(result),
    renderClearance(result),
    renderToken(result),
    renderChecks(result),
    renderLimits(result),
    renderModel(result),
  ]
}

/** Something that stopped the page before there was a result. */
export function renderProblem(message: string): Child {
  return element(
    'div',
    { class: 'govuk-error-summary' },
    element('h2', { class: 'govuk-error-summary__title', id: 'verdict', tabindex: '-1' }, 'Nothing was checked'),
    element('div', { class: 'govuk-error-summary__body' }, paragraph(message)),
  )
}
