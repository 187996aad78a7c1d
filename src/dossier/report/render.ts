/**
 * The report: one self-contained HTML file that a compliance officer can read.
 *
 * The decision and its reasons come first, the evidence after, the method last. It works without network and without
 * script, prints on paper, and says the same as `dossier.json`, whose digest it carries.
 *
 * Guarantee: the same dossier gives the same bytes, save for the certificate's number and dates, which are handed in.
 */
import { html, trustedMarkup, type Html, formatBytes } from '../../base/index.ts'
import type { Decision, Dossier, Reason } from '../dossier.ts'
import { renderFiles, renderFindings, renderOutcomes } from './file-sections.ts'
import { renderLineage } from './lineage-section.ts'
import { REPORT_STYLE } from './style.ts'
import { ASSURANCE_WORDS, DECISION_WORDS, REASON_WORDS } from './words.ts'

/** What the report says about the certificate; absent when none was issued. */
export interface CertificateNote {
  readonly number: string
  readonly issuedAt: string
  readonly expiresOn: string
  readonly assurance: string
  /** Origin of the log in which it stands; absent when it is not logged. */
  readonly log?: string
  /** What the printed code says: the address of the certificate with the compact token, or the token alone. */
  readonly code?: string
}

function describeCertificate({ number, issuedAt, expiresOn, assurance, log }: CertificateNote): string {
  const logged = log === undefined ? 'not logged' : `logged by ${log}`
  return `${number}, issued ${issuedAt}, expires ${expiresOn}, ${assurance}, ${logged}`
}

/** Input of {@link renderReport}. */
export interface ReportInput {
  readonly dossier: Dossier
  readonly digest: string
  readonly certificate?: CertificateNote
}

const MOST_EVIDENCE = 12

function renderReason({ condition, outcome, message, evidence }: Reason): Html {
  const shown = evidence.slice(0, MOST_EVIDENCE)
  const rest = evidence.length - shown.length
  return html`<li>
    <strong>${REASON_WORDS[outcome]}: </strong>${message} <small>(${condition})</small>
    <ul>
      ${shown.map((each) => html`<li>${each}</li>`)}${rest > 0 && html`<li>and ${rest} more</li>`}
    </ul>
  </li>`
}

function renderDecision({ decision, channel, reasons, policy }: Decision): Html {
  const words = DECISION_WORDS[decision]
  return html`<div class="decision ${channel}">
      <h1>${words.title}</h1>
      <p>${words.meaning}</p>
      <p>Channel: ${channel}. Policy: ${policy.id}, version ${policy.version}.</p>
    </div>
    <h2 id="reasons">Reasons</h2>
    ${
      reasons.length === 0
        ? html`<p>No condition of the policy is met.</p>`
        : html`<ol>
            ${reasons.map(renderReason)}
          </ol>`
    }`
}

function renderIdentity({ dossier: { artefact, tool }, digest, certificate }: ReportInput): Html {
  return html`<h2 id="identity">What was examined</h2>
    <dl>
      <dt>Reference</dt>
      <dd>${artefact.source.ref}</dd>
      ${
        artefact.source.commit !== undefined &&
        html`<dt>Commit</dt>
          <dd><code>${artefact.source.commit}</code></dd>`
      }
      <dt>Identity</dt>
      <dd><code>${artefact.id}</code></dd>
      <dt>OMS root digest</dt>
      <dd><code>${artefact.digests.sha256}</code></dd>
      <dt>Size</dt>
      <dd>${formatBytes(artefact.size)} in ${artefact.files.length} files</dd>
      <dt>Dossier</dt>
      <dd><code>${digest}</code></dd>
      <dt>Examined by</dt>
      <dd>${tool.name} ${tool.version}</dd>
      <dt>Certificate</dt>
      <dd>
        ${certificate === undefined ? 'none was issued' : describeCertificate(certificate)}
      </dd>
      ${
        certificate?.code !== undefined &&
        html`<dt>Printed code</dt>
          <dd><code>${certificate.code}</code> (a signed summary, checked offline by tidewaiter verify --token)</dd>`
      }
    </dl>`
}

function renderMethod(dossier: Dossier): Html {
  const methods = [...new Set(dossier.trace.candidates.map(({ comparison }) => comparison.method.version))]
  return html`<h2 id="method">How this was found</h2>
    <p>
      The model was opened without being run. Its files were read by readers that account for every byte; rules (set
      <code>${dossier.audit.rules}</code>) were applied to what they saw. ${
        dossier.audit.assurance !== undefined && `The readers ran ${ASSURANCE_WORDS[dossier.audit.assurance]}.`
      }
      Weights were compared by counting hidden units
      that carry the same number in both models${methods.length > 0 && ` (method ${methods.join(', ')})`}; the bound on
      the probability holds for any training data under the assumption beside each test.
    </p>
    <p>
      A finding is not guilt, and no evidence is not independence: imitation through a model's answers leaves no trace
      in the weights.
    </p>
    ${renderOutcomes(dossier)}`
}

/** Renders the report as a complete HTML document. */
export function renderReport(input: ReportInput): string {
  const { dossier } = input
  const title = `${DECISION_WORDS[dossier.decision.decision].title}: ${dossier.artefact.source.ref}`
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width,initial-scale=1" />
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'" />
        <title>${title}</title>
        <style>
          ${trustedMarkup(REPORT_STYLE)}
        </style>
      </head>
      <body>
        <a class="skip" href="#reasons">Skip to the reasons</a>
        <header><p>Tidewaiter clearance report</p></header>
        <main>
          ${renderDecision(dossier.decision)}${renderIdentity(input)}${renderFindings(dossier)}${renderFiles(dossier)}${renderLineage(dossier.trace)}${renderMethod(dossier)}
        </main>
      </body>
    </html> `
  return page.markup
}
