/** The part of the report on where the weights come from. */
import { html, type Html } from '../../base/index.ts'
import type { Comparison, NegativeControl } from '../../lineage/index.ts'
import type { TraceCandidate, TraceReport } from '../dossier.ts'
import { drawControl, drawLayerMap } from './charts.ts'
import { COMPARISON_WORDS, formatLog10p } from './words.ts'

const LARGEST_MAP = 4_096

function renderControl(control: NegativeControl | null): Html {
  if (control === null) return html`<p>No negative control: this pair has no unmatched cells to draw it from.</p>`
  const { cells, mean, variance, maximum, p, holds } = control
  return html`<h4>Negative control</h4>
    <p>
      ${cells} unmatched cells: mean ${mean.toFixed(2)}, variance ${variance.toFixed(2)}, maximum ${maximum};
      chi-squared against Poisson(1): p = ${p.toPrecision(2)}.
      ${holds ? 'The control holds: the test is valid for this pair.' : html`<strong>The control fails: the numbering of units carries structure, and the test is invalid for this pair.</strong>`}
    </p>
    <div class="scroll">${drawControl(control)}</div><p><small>Fixed points in a cell that is not matched: bars are the cells observed, lines what independent numbering gives.</small></p>`
}

function renderTests({ tests }: Comparison): Html {
  const assumptions = [...new Set(tests.map(({ assumption }) => assumption).filter((each) => each !== ''))]
  const rows = tests.map(({ id, view, statistic, log10p, assumption }) => {
    const assumed = assumptions.indexOf(assumption) + 1
    return html`<tr><td>${id}</td><td>${view}</td><td>${statistic}</td><td class="number">${log10p === null ? 'none' : formatLog10p(log10p)}</td><td class="number">${assumed === 0 ? '' : `A${assumed}`}</td></tr>`
  })
  return html`<div class="scroll"><table><thead><tr><th>Test</th><th>Where</th><th>Statistic</th><th class="number">p</th><th class="number">Assumes</th></tr></thead><tbody>${rows}</tbody></table></div>
${assumptions.map((each, index) => html`<p><strong>A${index + 1}</strong>: ${each}.</p>`)}`
}

function renderMap({ map }: Comparison): Html | false {
  if (map.length === 0) return false
  if (map.length > LARGEST_MAP) return html`<p>The layer map has ${map.length} cells and stands in dossier.json.</p>`
  return html`<h4>Layer map</h4>
    <p>
      Each square is a layer of this model against a layer of the other. The darker, the more hidden units carry the
      same number in both.
    </p>
    <div class="scroll">${drawLayerMap(map)}</div>`
}

function renderCandidate({ artefact, standing, comparison }: TraceCandidate): Html {
  const { effect, transformations, untested, direction, reasons } = comparison
  return html`<section class="candidate">
    <h3>${artefact.ref}</h3>
    <p><strong>${comparison.verdict}</strong>. ${COMPARISON_WORDS[comparison.verdict]}</p>
    <dl>
      <dt>Identity</dt>
      <dd><code>${artefact.id}</code></dd>
      <dt>In the register</dt>
      <dd>${standing}</dd>
      <dt>Probability under independence, at most</dt>
      <dd>${formatLog10p(comparison.log10p)}, all tests of this comparison counted together</dd>
      <dt>Share of units that agree</dt>
      <dd>
        ${effect === null ? 'not measured' : `${(100 * effect.share).toFixed(1)} % (95 % interval ${(100 * effect.low).toFixed(1)} to ${(100 * effect.high).toFixed(1)})`}
      </dd>
      <dt>Direction</dt>
      <dd>${direction}</dd>
      <dt>Done to the weights</dt>
      <dd>${transformations.length === 0 ? 'nothing that these tests name' : transformations.join('; ')}</dd>
    </dl>
    <ol>
      ${reasons.map((reason) => html`<li>${reason}</li>`)}
    </ol>
    ${renderTests(comparison)}${renderMap(comparison)}${renderControl(comparison.control)}
    ${
      untested.length > 0 &&
      html`<h4>Not tested</h4>
        <ul>
          ${untested.map((each) => html`<li>${each}</li>`)}
        </ul>`
    }
  </section>`
}

/** Renders what tracing found. */
export function renderLineage(trace: TraceReport): Html {
  return html`<h2 id="lineage">Where the weights come from</h2>
    <p>${trace.note}</p>
    ${trace.candidates.map(renderCandidate)}`
}
