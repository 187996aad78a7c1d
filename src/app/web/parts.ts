/** Parts that several pages share. */
import { html, type Html } from '../../base/index.ts'
import type { ClearanceRecord } from '../../register/index.ts'
import { DECISION_WORDS } from '../../dossier/index.ts'

const TAG_COLOUR = { green: 'govuk-tag--green', amber: 'govuk-tag--yellow', red: 'govuk-tag--red' } as const

/** A decision as a coloured tag that also says it in words. */
export function renderDecisionTag({ decision, channel }: Pick<ClearanceRecord, 'decision' | 'channel'>): Html {
  return html`<strong class="govuk-tag ${TAG_COLOUR[channel]}">${DECISION_WORDS[decision].title}</strong>`
}

/** The search box. */
export function renderSearchForm(query: string): Html {
  return html`<form method="get" action="/search" role="search"><div class="govuk-form-group">
<label class="govuk-label govuk-label--m" for="q">Search the register</label>
<div id="q-hint" class="govuk-hint">A name, a certificate number, a model identity (tw1:…) or the SHA-256 of a file</div>
<input class="govuk-input" id="q" name="q" type="search" value="${query}" aria-describedby="q-hint" spellcheck="false"></div>
<button type="submit" class="govuk-button">Search</button></form>`
}

/** One row of a summary list. */
export function renderRow(key: string, value: Html | string): Html {
  return html`<div class="govuk-summary-list__row"><dt class="govuk-summary-list__key">${key}</dt><dd class="govuk-summary-list__value">${value}</dd></div>`
}
