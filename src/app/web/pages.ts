/** The public pages but that of a certificate: search, model with its history, and what is shown when there is nothing. */
import { html, type Html, formatBytes, formatDay, formatGroups } from '../../base/index.ts'
import { DECISION_WORDS } from '../../dossier/index.ts'
import type { ClearanceRecord, ModelRecord, SearchHit, SearchPage } from '../../register/index.ts'
import type { DocketView } from '../log/docket-view.ts'
import { STATUS_WORDS } from './certificate.ts'
import { renderDocket } from './docket.ts'
import { renderPage } from './layout.ts'
import { renderDecisionTag, renderRow, renderSearchForm } from './parts.ts'

function renderHit(hit: SearchHit): Html {
  return html`<tr class="govuk-table__row"><td class="govuk-table__cell"><a class="govuk-link" href="/models/${hit.modelId}">${hit.ref}</a><br><span class="tw-mono">${hit.modelId.slice(0, 20)}…</span></td>
<td class="govuk-table__cell">${renderDecisionTag(hit)}</td><td class="govuk-table__cell">${formatDay(hit.issuedAt)}</td><td class="govuk-table__cell govuk-table__cell--numeric">${formatBytes(hit.size)}</td></tr>`
}

function renderHits({ hits, next }: SearchPage, query: string): Html {
  if (hits.length === 0)
    return html`<p class="govuk-body">Nothing in the register matches. A model that is not here was not examined; that says nothing about it.</p>`
  return html`<div class="tw-scroll"><table class="govuk-table"><caption class="govuk-table__caption govuk-table__caption--m">${query === '' ? 'Latest decisions' : 'Models found'}</caption>
<thead class="govuk-table__head"><tr class="govuk-table__row"><th scope="col" class="govuk-table__header">Model</th><th scope="col" class="govuk-table__header">Latest decision</th><th scope="col" class="govuk-table__header">Decided</th><th scope="col" class="govuk-table__header govuk-table__header--numeric">Size</th></tr></thead>
<tbody class="govuk-table__body">${hits.map(renderHit)}</tbody></table></div>
${next !== null && html`<p class="govuk-body"><a class="govuk-link" rel="next" href="/search?${new URLSearchParams({ q: query, after: next }).toString()}">More results</a></p>`}`
}

/** The start page and the search results. */
export function renderSearch(page: SearchPage, query: string): string {
  const title = query === '' ? 'Register of AI models' : `Search: ${query}`
  return renderPage({
    title,
    body: html`<h1 class="govuk-heading-xl">${query === '' ? 'Register of AI models' : 'Search results'}</h1>${renderSearchForm(query)}${renderHits(page, query)}`,
  })
}

function renderHistory(docket: readonly ClearanceRecord[]): Html {
  const rows = docket.map(
    (clearance) =>
      html`<tr class="govuk-table__row"><td class="govuk-table__cell">${formatDay(clearance.issuedAt)}</td><td class="govuk-table__cell">${renderDecisionTag(clearance)}</td><td class="govuk-table__cell"><a class="govuk-link" href="/c/${clearance.number}">${formatGroups(clearance.number)}</a></td></tr>`,
  )
  return html`<div class="tw-scroll"><table class="govuk-table"><caption class="govuk-table__caption govuk-table__caption--m">History, newest first</caption><thead class="govuk-table__head"><tr class="govuk-table__row"><th scope="col" class="govuk-table__header">Decided</th><th scope="col" class="govuk-table__header">Decision</th><th scope="col" class="govuk-table__header">Certificate</th></tr></thead><tbody class="govuk-table__body">${rows}</tbody></table></div>`
}

function renderModelFiles({ files }: ModelRecord): Html {
  const rows = files
    .slice(0, 500)
    .map(
      ({ path, size, sha256 }) =>
        html`<tr class="govuk-table__row"><td class="govuk-table__cell tw-mono">${path}</td><td class="govuk-table__cell govuk-table__cell--numeric">${formatBytes(size)}</td><td class="govuk-table__cell tw-mono">${sha256}</td></tr>`,
    )
  return html`<div class="tw-scroll"><table class="govuk-table"><caption class="govuk-table__caption govuk-table__caption--m">Files</caption><thead class="govuk-table__head"><tr class="govuk-table__row"><th scope="col" class="govuk-table__header">File</th><th scope="col" class="govuk-table__header govuk-table__header--numeric">Size</th><th scope="col" class="govuk-table__header">SHA-256</th></tr></thead><tbody class="govuk-table__body">${rows}</tbody></table></div>${files.length > 500 && html`<p class="govuk-body">and ${files.length - 500} more</p>`}`
}

function renderLatest(latest: ClearanceRecord, said: DocketView | undefined): Html {
  const status = said?.certificates.find(({ number }) => number === latest.number)?.status ?? 'valid'
  if (status !== 'valid')
    return html`<div class="tw-status tw-dead"><h2 class="govuk-heading-l">${STATUS_WORDS[status].split('.')[0] ?? ''}</h2><p class="govuk-body">${STATUS_WORDS[status]}</p><p class="govuk-body">The decision was: ${DECISION_WORDS[latest.decision].title}, ${formatDay(latest.issuedAt)}.</p></div>`
  return html`<div class="tw-status tw-${latest.channel}"><h2 class="govuk-heading-l">${DECISION_WORDS[latest.decision].title}</h2><p class="govuk-body">${DECISION_WORDS[latest.decision].meaning}</p><p class="govuk-body">Decided ${formatDay(latest.issuedAt)}, holds until ${formatDay(latest.expiresOn)}.</p></div>`
}

/** A model: what holds now, then everything that was ever decided and said. */
export function renderModel(model: ModelRecord, docket: readonly ClearanceRecord[], said?: DocketView): string {
  const [latest] = docket
  const status = latest !== undefined && renderLatest(latest, said)
  return renderPage({
    title: model.ref,
    back: { href: '/', text: 'Search the register' },
    body: html`<h1 class="govuk-heading-xl">${model.ref}</h1>${status}<dl class="govuk-summary-list">${renderRow('Identity', html`<span class="tw-mono">${model.id}</span>`)}${renderRow('Size', formatBytes(model.size))}${renderRow('First examined', formatDay(model.firstSeen))}</dl>${renderHistory(docket)}${said !== undefined && renderDocket(said)}${renderModelFiles(model)}`,
  })
}

/** A page that says that there is nothing, and what to do. */
export function renderNothing(what: string): string {
  return renderPage({
    title: 'Not found',
    back: { href: '/', text: 'Search the register' },
    body: html`<h1 class="govuk-heading-xl">Not found</h1><p class="govuk-body">${what}</p>${renderSearchForm('')}`,
  })
}
