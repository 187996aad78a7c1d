/** The frame of every public page: generic header, no crown, no script, one main column. */
import { html, type Html } from '../../base/index.ts'

/** What a page brings. */
export interface Page {
  readonly title: string
  readonly body: Html
  /** Link back to the page above, if there is one. */
  readonly back?: { readonly href: string; readonly text: string }
}

/** Renders a whole document. */
export function renderPage({ title, body, back }: Page): string {
  const page = html`<!doctype html><html lang="en" class="govuk-template"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>${title} - Register of AI models</title>
<link rel="stylesheet" href="/assets/style.css"><link rel="icon" href="data:,"></head>
<body class="govuk-template__body"><a href="#main" class="govuk-skip-link">Skip to main content</a>
<header class="govuk-generic-header"><div class="govuk-generic-header__container govuk-width-container"><div class="govuk-generic-header__logo"><a href="/" class="govuk-generic-header__homepage-link">Tidewaiter register</a></div></div></header>
<div class="govuk-width-container">${back !== undefined && html`<nav aria-label="Back"><a href="${back.href}" class="govuk-back-link">${back.text}</a></nav>`}
<main class="govuk-main-wrapper" id="main">${body}</main></div>
<footer class="govuk-footer"><div class="govuk-width-container"><p class="govuk-body-s">This is not a government service. Each decision was made by the operator of this register under the policy that the certificate names. A finding is not guilt, and no evidence is not independence.</p></div></footer></body></html>
`
  return page.markup
}
