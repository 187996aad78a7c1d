/**
 * The page of a certificate, which prints as the certificate: one sheet that says what, until when, about which bytes,
 * by whom, why, what it does not say, and how to check it.
 *
 * Replies stand beside the findings that they answer, in the same size, on the page and on paper. A page that hid one
 * would not conform; so they are a part of this page and no option of it.
 */
import { html, type Html, formatBytes, formatDay, formatGroups } from '../../base/index.ts'
import { predicateTypeOf } from '../../certificate/index.ts'
import { DECISION_WORDS, REASON_WORDS, type Dossier, type Reason } from '../../dossier/index.ts'
import type { CertificateRecord, ModelRecord } from '../../register/index.ts'
import { renderPage } from './layout.ts'
import { renderRow } from './parts.ts'

/** What a party said to a decision. Accepted without a look at its merit. */
export interface ReplyRecord {
  readonly kind: 'reply' | 'appeal' | 'correction'
  readonly party: string
  /** RFC 3339. */
  readonly receivedAt: string
  /** Number of the reason that it answers; absent when it answers the whole decision. */
  readonly reason?: number
  /** Null when only the digest of the text is public. */
  readonly text: string | null
  readonly textDigest: string
  /** What came of it, when something has. */
  readonly outcome?: string
}

/** Where a certificate stands today. */
export type CertificateStatus = 'valid' | 'suspended' | 'revoked' | 'superseded'

/** All that the page shows. */
export interface CertificateView {
  readonly certificate: CertificateRecord
  readonly model?: ModelRecord
  readonly dossier?: Dossier
  readonly issuer?: { readonly name?: string; readonly keyId: string }
  readonly expired: boolean
  /** Absent when no revocation list is kept here. */
  readonly status?: CertificateStatus
  readonly replies: readonly ReplyRecord[]
  /** True when the log's proof can be fetched. */
  readonly logged: boolean
  /** Where the certificate says that it stands. */
  readonly entry?: { readonly origin: string; readonly index: number }
  /** Whether the key of the issuer and the trusted root can be had here. */
  readonly given?: { readonly key: boolean; readonly root: boolean }
  readonly code: { readonly address: string; readonly picture: Html; readonly signed: boolean }
}

/** What a status means to whoever holds the certificate. */
export const STATUS_WORDS: Readonly<Record<Exclude<CertificateStatus, 'valid'>, string>> = {
  suspended: 'Suspended. Until it is reinstated, do not rely on this certificate.',
  revoked: 'Revoked. This certificate no longer holds, whatever its dates say.',
  superseded: 'Superseded. A newer certificate of this model has taken its place.',
}
const KIND_WORDS = { reply: 'Reply', appeal: 'Appeal', correction: 'Correction' } as const
const MOST_REASONS = 200

function renderReply({ kind, party, receivedAt, text, textDigest, outcome }: ReplyRecord): Html {
  return html`<blockquote class="tw-reply"><p class="govuk-body"><strong>${KIND_WORDS[kind]} of ${party}, ${formatDay(receivedAt)}:</strong> ${text ?? 'The text is not public; its SHA-256 is'} ${text === null && html`<span class="tw-mono">${textDigest}</span>`}</p>${outcome !== undefined && html`<p class="govuk-body">Outcome: ${outcome}</p>`}</blockquote>`
}

function renderReason({ number, outcome, message, evidence }: Reason, replies: readonly ReplyRecord[]): Html {
  const shown = evidence.slice(0, 12)
  return html`<li><strong>${REASON_WORDS[outcome]}:</strong> ${message}${shown.length > 0 && html`<ul class="govuk-list govuk-list--bullet tw-small">${shown.map((each) => html`<li>${each}</li>`)}${evidence.length > shown.length && html`<li>and ${evidence.length - shown.length} more</li>`}</ul>`}${replies.filter(({ reason }) => reason === number).map(renderReply)}</li>`
}

function renderReasons({ dossier, replies }: CertificateView): Html {
  const reasons = dossier?.decision.reasons.slice(0, MOST_REASONS) ?? []
  const numbers = new Set(reasons.map(({ number }) => number))
  const general = replies.filter(({ reason }) => reason === undefined || !numbers.has(reason))
  const list =
    dossier === undefined
      ? html`<p class="govuk-body">The dossier is not kept here; the certificate itself holds the reasons.</p>`
      : reasons.length === 0
        ? html`<p class="govuk-body">No condition of the policy is met.</p>`
        : html`<ol class="govuk-list govuk-list--number">${reasons.map((reason) => renderReason(reason, replies))}</ol>`
  const more = (dossier?.decision.reasons.length ?? 0) - reasons.length
  return html`<h2 class="govuk-heading-m">Reasons and replies</h2>${list}${more > 0 && html`<p class="govuk-body">and ${more} more reasons, in the certificate</p>`}${general.map(renderReply)}${replies.length === 0 && html`<p class="govuk-body tw-small">Nobody has replied to this decision.</p>`}`
}

function renderStatus({ certificate, expired, status }: CertificateView): Html {
  const words = DECISION_WORDS[certificate.decision]
  const dead = expired || (status !== undefined && status !== 'valid')
  const notes = [
    status !== undefined && status !== 'valid' && STATUS_WORDS[status],
    expired && `Expired. It held until ${formatDay(certificate.expiresOn)}; nothing is said about today.`,
  ].filter((note) => note !== false)
  return html`<div class="tw-status tw-${dead ? 'dead' : certificate.channel}">${notes.map((note) => html`<p class="govuk-heading-m">${note}</p>`)}<h2 class="govuk-heading-l">${dead && 'It said: '}${words.title}</h2><p class="govuk-body">${words.meaning}</p></div>`
}

const mono = (text: string): Html => html`<span class="tw-mono">${text}</span>`

function renderFacts({ certificate, model, issuer, entry }: CertificateView): Html {
  const { number, ref, modelId, issuedAt, expiresOn, dossier } = certificate
  return html`<dl class="govuk-summary-list tw-facts">${renderRow('Certificate number', html`<strong class="tw-number">${formatGroups(number)}</strong>`)}${renderRow('Issued', formatDay(issuedAt))}${renderRow('Holds until', formatDay(expiresOn))}${renderRow('Model', ref)}${renderRow('Model identity', html`<a class="govuk-link tw-mono" href="/models/${modelId}">${modelId}</a>`)}${model !== undefined && html`${renderRow('OpenSSF root (sha256)', mono(model.omsRoot))}${renderRow('Size', `${formatBytes(model.size)} in ${model.files.length} ${model.files.length === 1 ? 'file' : 'files'}`)}`}${renderRow('Issued by', issuer === undefined ? 'see the certificate' : html`${issuer.name ?? 'the operator of this register'}<br><span class="tw-small">key ${mono(issuer.keyId)}</span>`)}${entry !== undefined && renderRow('Public log', `entry ${entry.index} of ${entry.origin}`)}${renderRow('Assurance', 'self-attested: nobody but the issuer vouches for it')}${renderRow('Dossier', html`<a class="govuk-link tw-mono" href="/dossiers/${dossier}">${dossier}</a>`)}</dl>`
}

function renderLimits({ status, logged }: CertificateView): Html {
  return html`<section class="tw-limits"><h2 class="govuk-heading-m">What this certificate does not say</h2><ul class="govuk-list govuk-list--bullet">
<li>Nothing about any other files, whatever they are called: it speaks of the bytes with the digests above.</li>
<li>Not that the model is good, fair or fit for a purpose; and that no evidence was found is no proof that there is none.</li>
<li>${status === undefined ? 'Not whether it was withdrawn since: no revocation list is kept here.' : 'Not what happens after today: look again at this page before you rely on it.'}</li>
${!logged && html`<li>Not that it was published: no proof of a public log is kept here.</li>`}</ul></section>`
}

const TYPE = predicateTypeOf('clearance')

/** Lines for a shell; the digest is of the copy at hand, never of this page. */
function renderCommands(number: string, files: { readonly key: string; readonly root: string | undefined }): Html {
  const { key, root } = files
  const bundle = `${number}.sigstore.json`
  const ours = `tidewaiter verify ${bundle} --artefact FOLDER \\\n  --key ${key}${root === undefined ? '' : ` --trusted-root ${root}`}`
  const theirs = [
    'DIGEST=$(cd FOLDER && find . -type f | cut -c3- | LC_ALL=C sort |',
    "  tr '\\n' '\\0' | xargs -0r sha256sum | sha256sum | cut -c1-64)",
    `cosign verify-blob-attestation --key ${key} --bundle ${bundle} \\`,
    `  --trusted-root ${root ?? ''} --use-signed-timestamps \\`,
    `  --type ${TYPE} \\`,
    '  --digestAlg dirHash1 --digest "$DIGEST"',
  ].join('\n')
  return html`<pre class="tw-command"><code>${ours}</code></pre>${root !== undefined && html`<p class="govuk-body">or, with nothing of ours, cosign 3:</p><pre class="tw-command"><code>${theirs}</code></pre>`}`
}

function renderTrust({ given, issuer }: CertificateView): Html {
  if (given?.key !== true) return html`The issuer’s public key, from the issuer.`
  const root =
    given.root &&
    html` and <a class="govuk-link" href="/trusted_root.json" download>trusted_root.json</a>, which names the log and the clock that count`
  const id = issuer !== undefined && html` <span class="tw-mono">${issuer.keyId}</span>`
  return html`The issuer’s public key: here it is <a class="govuk-link" href="/signing-key.pem" download>signing-key.pem</a>${root}. Had from here, it proves only that key and page come from the same hands; compare the key id${id} with what the issuer says elsewhere.`
}

function renderSteps(view: CertificateView): Html {
  const { certificate, given, logged } = view
  const { number } = certificate
  const files = {
    key: given?.key === true ? 'signing-key.pem' : 'KEY.pem',
    root: given?.root === true ? 'trusted_root.json' : undefined,
  }
  const proof =
    logged &&
    html` That it was published is proven in it; <a class="govuk-link" href="/c/${number}.tlog-proof" download>the proof of the log</a> can be had by itself.`
  return html`<ol class="govuk-list govuk-list--number tw-noprint"><li><a class="govuk-link" href="/c/${number}.json" download>Download the certificate</a>. It is signed, so the way it came does not matter.${proof}</li><li>${renderTrust(view)}</li><li><a class="govuk-link" href="/verify">Open the page that checks certificates</a>, or <a class="govuk-link" href="/verify.html" download>keep it</a> for use offline, and give it certificate and model. Or run, with the folder of your copy of the model in place of FOLDER:${renderCommands(number, files)}</li></ol>`
}

function renderCheck(view: CertificateView): Html {
  const { certificate, code } = view
  const { number } = certificate
  return html`<section class="tw-check"><h2 class="govuk-heading-m">Check it yourself</h2><div class="tw-code">${code.picture}<p class="govuk-body tw-small">${code.signed ? 'The code carries a signed summary that can be checked offline.' : 'The code carries the address of this page; it is not signed.'}<br><span class="tw-mono">${code.address.split('#')[0] ?? ''}</span><br><span class="tw-noprint">Code as <a class="govuk-link" href="/c/${number}.qr.svg">SVG</a>, <a class="govuk-link" href="/c/${number}.qr.png">PNG</a></span></p></div>
<p class="govuk-body">Do not trust this page or this sheet: anyone can print one. Take the certificate and check it against the issuer’s public key, which you have from elsewhere: with the page at <span class="tw-mono">/verify</span> of this register, with <span class="tw-mono">tidewaiter verify</span>, or with cosign or openssl, which are not ours.</p>${renderSteps(view)}</section>`
}

/** The page; `renderPage` frames it. */
export function renderCertificate(view: CertificateView): string {
  const { certificate } = view
  return renderPage({
    title: `Certificate ${formatGroups(certificate.number)}`,
    back: { href: `/models/${certificate.modelId}`, text: 'History of this model' },
    body: html`<article class="tw-certificate"><span class="govuk-caption-xl">Model clearance certificate</span><h1 class="govuk-heading-xl">${certificate.ref}</h1>${renderStatus(view)}${renderFacts(view)}${renderReasons(view)}${renderLimits(view)}${renderCheck(view)}</article>`,
  })
}
