/** The part of the report on where the weights come from. */
import { html, type Html, formatLog10p } from '../../base/index.ts'
import type { Comparison, NegativeControl } from '../../lineage/index.ts'
import type { TraceCandidate, TraceReport } from '../dossier.ts'
import { drawControl, drawLayerMap } from './charts.ts'
import { drawPower, drawScatter } from './curves.ts'
import { renderAlignment } from './alignment.ts'
import { COMPARISON_WORDS } from './words.ts'

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

function renderScatter({ scatter }: Comparison): Html | false {
  if (scatter === undefined || scatter === null) return false
  const { view, a, b, units, nearest } = scatter
  const own = units.filter((unit, i) => nearest[i] === unit).length
  return html`<h4>Units of the best cell</h4>
    <p>
      Layer ${a} of this model against layer ${b} of the other, by ${view}: a point for each of ${units.length} units,
      its own number to the right, that of its nearest unit upwards. ${own} lie on the diagonal.
    </p>
    <div class="scroll">${drawScatter(scatter)}</div>`
}

function renderPower({ power }: Comparison): Html | false {
  if (power === undefined || power === null) return false
  const { detectable, curve, assumption } = power
  return html`<h4>What could have been found</h4>
    <p>
      ${detectable === null ? 'Not even a copy would be found surely: there is too little to compare.' : `Units that kept a cosine of ${detectable.toFixed(2)} or more to what they were, 95 times in 100.`}
      Assumed: ${assumption}.
    </p>
    <div class="scroll">${drawPower(curve, detectable)}</div>`
}

function renderPanel({ panel }: Comparison): Html | false {
  if (panel === undefined) return false
  const { models, atLeast, p, enough } = panel
  return html`<dt>Panel of other models</dt>
    <dd>
      ${atLeast} of ${models} other models of this shape in the register score as high: conformal p =
      ${p.toPrecision(2)}${!enough && ' (too few models to say much)'}
    </dd>`
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
      ${renderPanel(comparison)}
      <dt>Direction</dt>
      <dd>${direction}</dd>
      <dt>Done to the weights</dt>
      <dd>${transformations.length === 0 ? 'nothing that these tests name' : transformations.join('; ')}</dd>
    </dl>
    <ol>
      ${reasons.map((reason) => html`<li>${reason}</li>`)}
    </ol>
    ${renderTests(comparison)}${renderAlignment(comparison)}${renderMap(comparison)}${renderScatter(comparison)}${renderControl(comparison.control)}${renderPower(comparison)}
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
