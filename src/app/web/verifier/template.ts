/**
 * The page that checks certificates, as one file: style, script and form, nothing to load.
 *
 * Its policy forbids every connection, every script but its own by hash, and to make markup out of text.
 */
import { createHash } from 'node:crypto'
import { html, trustedMarkup, type Html } from '../../../base/index.ts'

/** What goes into the page; all of it our own. */
export interface VerifierParts {
  readonly script: string
  readonly style: string
  /** Licence texts of what the script contains of others. */
  readonly licences: string
}

const EMBEDDED = '<script type="application/json" id="embedded">{}</script>'

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`
}

/** The policy of the page, for its own header and for that of a server. */
export function verifierPolicy({ script, style }: Pick<VerifierParts, 'script' | 'style'>): string {
  return `default-src 'none'; script-src ${hashOf(script)} 'wasm-unsafe-eval'; style-src ${hashOf(style)}; img-src data:; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'`
}

interface FileField {
  readonly id: string
  readonly label: string
  readonly hint: string
  readonly attributes?: string
}

function field({ id, label, hint, attributes = '' }: FileField): Html {
  return html`<div class="govuk-form-group"><label class="govuk-label govuk-label--s" for="${id}">${label}</label><div class="govuk-hint" id="${id}-hint">${hint}</div><input class="govuk-file-upload tw-drop" id="${id}" name="${id}" type="file" aria-describedby="${id}-hint"${trustedMarkup(attributes)}></div>`
}

function fieldset(legend: string, body: Html): Html {
  return html`<fieldset class="govuk-fieldset tw-part"><legend class="govuk-fieldset__legend govuk-fieldset__legend--m"><h2 class="govuk-fieldset__heading">${legend}</h2></legend>${body}</fieldset>`
}

const CERTIFICATE = fieldset(
  '1. The certificate',
  html`${field({ id: 'certificate', label: 'Certificate file', hint: 'Usually called something.sigstore.json. Choose it, or drop it on the field.' })}<div class="govuk-form-group"><label class="govuk-label govuk-label--s" for="code">Or what a printed code says</label><div class="govuk-hint" id="code-hint">The address that the code leads to, with everything behind #</div><textarea class="govuk-textarea" id="code" name="code" rows="3" maxlength="4096" spellcheck="false" autocomplete="off" aria-describedby="code-hint"></textarea></div>`,
)

const TRUST = fieldset(
  '2. Whom you trust',
  html`<div id="embedded-choice" hidden><div class="govuk-checkboxes govuk-checkboxes--small"><div class="govuk-checkboxes__item"><input class="govuk-checkboxes__input" id="use-embedded" type="checkbox" checked><label class="govuk-label govuk-checkboxes__label" for="use-embedded">Use the keys that came with this page, from <span id="embedded-from" class="tw-mono"></span></label></div></div></div>${field({ id: 'trust', label: 'Public key of the issuer, and the trusted root', hint: 'A key is a .pem file. With trusted_root.json it is also checked that the certificate was published and stamped, with a witness policy that others saw it. Take them from the issuer, by a way that whoever gave you the certificate does not control.', attributes: ' multiple' })}${field({ id: 'status', label: 'Status list, if you have it', hint: 'By it the page tells whether the certificate was withdrawn since. The issuer serves it, usually below /status/, and signs it anew each day. This page fetches nothing.' })}`,
)

const MODEL = fieldset(
  '3. The model, if you have it',
  html`<p class="govuk-body">Without it, a certificate can be genuine and still belong to another model. The files are read here and sent nowhere; some gigabytes take some seconds each.</p>${field({ id: 'folder', label: 'Folder of the model', hint: 'All files in it are taken. The browser may call that “uploading”; nothing is uploaded.', attributes: ' webkitdirectory multiple' })}${field({ id: 'files', label: 'Or single files', hint: 'For a model without folders inside', attributes: ' multiple' })}`,
)

const BODY = html`<h1 class="govuk-heading-xl">Check a certificate</h1>
<p class="govuk-body-l">This page needs no network and asks nobody. What you give it stays on this computer; it can be saved, and opened from a disk.</p>
<noscript><p class="govuk-body"><strong>Without its script this page can check nothing.</strong></p></noscript>
<section id="result" aria-live="polite" hidden></section>
<form id="form" novalidate>${CERTIFICATE}${TRUST}${MODEL}<button type="submit" class="govuk-button" id="check">Check</button></form>
<div id="working" hidden><label for="bar" class="govuk-label">Reading the model</label><progress id="bar" max="1" value="0"></progress><p class="govuk-body" id="progress-text" role="status"></p><button type="button" class="govuk-button govuk-button--secondary" id="cancel">Stop</button></div>`

/** The file. */
export function renderVerifier({ script, style, licences }: VerifierParts): string {
  if (/<\/(?:script|style)|<!--/i.test(script + style)) throw new Error('script or style would end their element')
  const page = html`<!doctype html><html lang="en" class="govuk-template"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${verifierPolicy({ script, style })}">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="referrer" content="no-referrer"><title>Check a certificate</title><link rel="icon" href="data:,">
<style>${trustedMarkup(style)}</style></head>
<body class="govuk-template__body"><a href="#main" class="govuk-skip-link">Skip to main content</a>
<header class="govuk-generic-header"><div class="govuk-generic-header__container govuk-width-container"><div class="govuk-generic-header__logo"><span class="govuk-generic-header__homepage-link">Tidewaiter</span></div></div></header>
<div class="govuk-width-container"><main class="govuk-main-wrapper" id="main">${BODY}</main></div>
<footer class="govuk-footer"><div class="govuk-width-container"><p class="govuk-body-s">This is not a government service. This page knows what you gave it and nothing else.</p></div></footer>
${trustedMarkup(EMBEDDED)}
<script>${trustedMarkup(script)}</script></body></html>
<!-- ${trustedMarkup(licences.replaceAll('--', '- -'))} -->
`
  return page.markup
}

/** Puts keys and roots into a copy of the page; `from` says who did. */
export function embedTrust(page: string, trust: { readonly from: string; readonly files: readonly string[] }): string {
  const json = JSON.stringify(trust).replaceAll('<', '\\u003c')
  return page.replace(EMBEDDED, () => EMBEDDED.replace('{}', () => json))
}
