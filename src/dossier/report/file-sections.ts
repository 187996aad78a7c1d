/** The parts of the report on files, findings and entries that were left out. */
import { html, type Html, formatBytes } from '../../base/index.ts'
import { FILE_VERDICTS, type AuditedFile, type Finding } from '../../audit/index.ts'
import type { Dossier } from '../dossier.ts'
import { AUDIT_WORDS } from './words.ts'

const MOST_FILES = 2_000
const MOST_FINDINGS = 2_000
const GRADE_ORDER: readonly string[] = ['dangerous', 'major', 'minor', 'advisory']

function more(shown: number, all: number): Html | false {
  return all > shown && html`<p>${all - shown} more stand in dossier.json.</p>`
}

/** Members of one file that the report lists. */
const MOST_MEMBERS = 50

function renderVerdict(known: AuditedFile | undefined): Html {
  const meaning = known === undefined ? 'not read' : AUDIT_WORDS[known.verdict]
  return html`<td>${known?.format ?? 'unknown'}</td>
    <td><strong>${known?.verdict ?? 'inconclusive'}</strong>: ${meaning}</td>`
}

function renderMember(member: AuditedFile): Html {
  return html`<tr>
    <td><code>${member.path}</code></td>
    <td class="number">within</td>
    ${renderVerdict(member)}
    <td></td>
  </tr>`
}

function renderMembers(members: readonly AuditedFile[]): Html {
  const worstFirst = members.toSorted((a, b) => FILE_VERDICTS.indexOf(b.verdict) - FILE_VERDICTS.indexOf(a.verdict))
  const rest = members.length - MOST_MEMBERS
  return html`${worstFirst.slice(0, MOST_MEMBERS).map(renderMember)}${
    rest > 0 &&
    html`<tr>
      <td colspan="5">${rest} more members stand in dossier.json.</td>
    </tr>`
  }`
}

/** Every file with its verdict, and under it what was found inside. */
export function renderFiles({ artefact, audit }: Dossier): Html {
  const known = new Map(audit.files.map((file) => [file.path, file]))
  const members = Map.groupBy(audit.files, ({ container }) => container)
  const rows = artefact.files.slice(0, MOST_FILES).map(({ path, size, sha256 }) => {
    return html`<tr>
        <td><code>${path}</code></td>
        <td class="number">${formatBytes(size)}</td>
        ${renderVerdict(known.get(path))}
        <td><code class="digest">${sha256}</code></td>
      </tr>
      ${renderMembers(members.get(path) ?? [])}`
  })
  return html`<h2 id="files">Files</h2>
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th>File</th>
            <th class="number">Size</th>
            <th>Format</th>
            <th>Verdict</th>
            <th>SHA-256</th>
          </tr>
        </thead>
        <tbody>
          ${rows}
        </tbody>
      </table>
    </div>
    ${more(MOST_FILES, artefact.files.length)}${renderLeftOut({ problems: artefact.problems, ignored: artefact.ignored })}`
}

function renderLeftOut({ problems, ignored }: Pick<Dossier['artefact'], 'problems' | 'ignored'>): Html | false {
  if (problems.length === 0 && ignored.length === 0) return false
  return html`<h3>Entries that need a word</h3>
    <ul>
      ${problems.map(
        ({ path, message, excluded }) => html`<li><code>${path}</code>: ${message}${excluded && ' (left out)'}</li>`,
      )}${ignored.map((path) => html`<li><code>${path}</code>: no part of the consignment, passed over</li>`)}
    </ul>`
}

function renderFinding({ rule, grade, basis, path, locus, message, offset, evidence }: Finding): Html {
  return html`<tr>
    <td><strong class="grade ${grade}">${grade}</strong></td>
    <td>${rule}<br /><small>${basis}</small></td>
    <td><code>${path}</code><br />${locus}${offset !== undefined && html`<br /><small>byte ${offset}</small>`}</td>
    <td>${message}${evidence !== undefined && html`<br /><code>${evidence}</code>`}</td>
  </tr>`
}

/** Every finding, the gravest first. */
export function renderFindings({ audit }: Dossier): Html {
  if (audit.findings.length === 0)
    return html`<h2 id="findings">Findings</h2>
      <p>No rule has anything to say.</p>`
  const sorted = audit.findings.toSorted((a, b) => GRADE_ORDER.indexOf(a.grade) - GRADE_ORDER.indexOf(b.grade))
  return html`<h2 id="findings">Findings</h2>
    <p>
      A finding of basis <em>capability</em> says what such content can do and accuses nobody; <em>exploit</em> that it
      has the shape of a known attack on a loader; <em>malice</em> that there is a payload.
    </p>
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th>Grade</th>
            <th>Rule</th>
            <th>Where</th>
            <th>What</th>
          </tr>
        </thead>
        <tbody>
          ${sorted.slice(0, MOST_FINDINGS).map(renderFinding)}
        </tbody>
      </table>
    </div>
    ${more(MOST_FINDINGS, sorted.length)}`
}

/** Which rules were tested and how each ended. */
export function renderOutcomes({ audit }: Dossier): Html {
  const states = ['fail', 'inconclusive', 'pass', 'not-applicable'] as const
  const rows = states.map((state) => {
    const rules = audit.outcomes.filter((outcome) => outcome.state === state).map(({ rule }) => rule)
    return html`<tr>
      <td>${state}</td>
      <td class="number">${rules.length}</td>
      <td>${rules.join(', ')}</td>
    </tr>`
  })
  return html`<h3>Rules that were run</h3>
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th>Outcome</th>
            <th class="number">Rules</th>
            <th>Which</th>
          </tr>
        </thead>
        <tbody>
          ${rows}
        </tbody>
      </table>
    </div>`
}
