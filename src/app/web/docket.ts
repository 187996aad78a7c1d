/**
 * The docket on the page of a model: all that was said, in order, with links to the signed statements.
 *
 * Replies stand inside what they answer, in the same size. Each statement is named by the first 16 digits of its identity,
 * so that a page that lacks one can be told from one that is whole.
 */
import { formatDay, formatGroups, html, type Html } from '../../base/index.ts'
import type { DocketView, ShownStatement, ShownTest, ShownText } from '../log/docket-view.ts'

const ACTION_WORDS: ReadonlyMap<string, string> = new Map([
  ['revoke', 'Certificate revoked'],
  ['suspend', 'Certificate suspended'],
  ['reinstate', 'Certificate reinstated'],
  ['supersede', 'Certificate superseded'],
  ['expire', 'Certificate ended'],
  ['reply', 'Reply'],
  ['appeal', 'Appeal'],
  ['correction', 'Correction'],
  ['outcome', 'Outcome of an appeal'],
])

const KIND_WORDS: ReadonlyMap<string, string> = new Map([
  ['inspection', 'Inspection'],
  ['provenance-report', 'Report of descent'],
  ['clearance', 'Decision'],
  ['test-intent', 'Test announced'],
  ['mot-result', 'Test result'],
  ['re-derivation', 'Derived again'],
  ['declaration', 'Declaration'],
  ['family', 'Family'],
])

const TEST_WORDS: Readonly<Record<ShownTest['state'], string>> = {
  open: 'open: announced, and no result yet',
  passed: 'passed',
  failed: 'failed',
  abandoned: 'abandoned: it counts as failed',
  refused: 'refused',
}

function renderText({ state, words, digest }: ShownText): Html {
  if (words !== null) return html`<p class="govuk-body">“${words}”</p>`
  const why = state === 'erased' ? 'The text was erased.' : 'The text is not kept here.'
  return html`<p class="govuk-body tw-small">${why} Its salted SHA-256 is <span class="tw-mono">${digest}</span></p>`
}

function title({ kind, action, number, result, reason }: ShownStatement): Html {
  const what = ACTION_WORDS.get(action ?? '') ?? KIND_WORDS.get(kind) ?? kind
  const about = number !== null && html` <a class="govuk-link" href="/c/${number}">${formatGroups(number)}</a>`
  const found = [result, reason].filter((word) => word !== null).join(', ')
  return html`<strong>${what}</strong>${about}${found !== '' && html`: ${found}`}`
}

function renderStatement(said: ShownStatement): Html {
  const { entry, time, effectiveFrom, name, issuer, text, kept, index, objections, replies } = said
  const from = effectiveFrom !== null && effectiveFrom !== time && html`, from ${formatDay(effectiveFrom)}`
  const link = kept
    ? html`<a class="govuk-link tw-mono" href="/v1/statements/${entry}">${entry.slice(0, 16)}</a>`
    : html`<span class="tw-mono">${entry.slice(0, 16)}</span>: the statement is not kept here; the log has it as entry ${index}`
  return html`<li><p class="govuk-body">${title(said)}${from}. ${formatDay(time)}, by ${name ?? html`the key <span class="tw-mono">${issuer.slice(0, 16)}</span>`}<br><span class="tw-small">Signed statement ${link}</span></p>${text !== null && renderText(text)}${objections.map(({ message }) => html`<p class="govuk-body"><strong>Counts for nothing:</strong> ${message}</p>`)}${replies.length > 0 && html`<ul class="govuk-list tw-reply">${replies.map(renderStatement)}</ul>`}</li>`
}

function renderTest({ announced, deadline, state }: ShownTest): Html {
  return html`<li>Announced ${formatDay(announced)}, due ${formatDay(deadline)}: <strong>${TEST_WORDS[state]}</strong></li>`
}

/** The section of the page. */
export function renderDocket({ statements, tests, length, origin }: DocketView): Html {
  const announced =
    tests.length > 0 &&
    html`<h3 class="govuk-heading-s">Tests</h3><ul class="govuk-list govuk-list--bullet">${tests.map(renderTest)}</ul>`
  return html`<section id="docket"><h2 class="govuk-heading-m">Everything that was said of this model</h2><p class="govuk-body">${length} ${length === 1 ? 'statement' : 'statements'} in the public log ${origin}, oldest first. Replies stand in what they answer. Nothing can be left out unnoticed.</p>${announced}<ol class="govuk-list govuk-list--spaced">${statements.map(renderStatement)}</ol></section>`
}
