/** The part of the report on labels that had to be aligned before two models agreed. */
import { html, type Html } from '../../base/index.ts'
import type { Comparison, LabelAlignment } from '../../lineage/index.ts'

const TESTS: Readonly<Record<LabelAlignment['test'], string>> = {
  C2: 'by the vectors of the units, in the residual stream that both share',
  C3: 'by the vectors of the units, after the residual stream was turned by what both models do with the same tokens',
  C4: 'by the vectors of the units, after the residual stream was turned blindly, by units of other layers',
}

function sayRotation({ rotation }: LabelAlignment): string {
  if (rotation === null) return ''
  const { tokens, pairedBy, diagonal, defect } = rotation
  const by = { string: `${tokens} tokens, paired by their strings`, number: `${tokens} tokens, paired by number` }
  const from = pairedBy === 'unit' ? 'units of layers that were not tested by it' : by[pairedBy]
  return `The turn follows from ${from}; mean size of its diagonal ${diagonal.toFixed(3)} (1 where nothing is turned), off from a rotation by ${defect.toExponential(1)}.`
}

/** A paragraph and a table of the layers; nothing where labels agreed as they stand, or nothing agreed. */
export function renderAlignment({ alignment }: Comparison): Html | false {
  if (alignment === undefined || alignment === null) return false
  const { test, scrambled, layers } = alignment
  const rows = layers.map(
    ({ a, b, agreed, sampled, numbered }) =>
      html`<tr><td class="number">${a}</td><td class="number">${b}</td><td class="number">${agreed} of ${sampled}</td><td class="number">${numbered}</td></tr>`,
  )
  return html`<h4>Alignment of labels</h4>
    <p>
      In most layers units do not find themselves by their numbers. They find partners ${TESTS[test]} (test ${test}).
      ${sayRotation(alignment)}
      ${scrambled && html`<strong>Labels are scrambled:</strong> nearly all units have a partner and no label shows it. Changes of labels that keep the function leave this; training by itself does not.`}
      ${scrambled && test !== 'C4' && html`<code>tidewaiter exhibit</code> writes down how one model becomes the other.`}
    </p>
    <div class="scroll"><table><thead><tr><th class="number">Layer of this model</th><th class="number">Layer of the other</th><th class="number">Units with a partner</th><th class="number">At their own number</th></tr></thead><tbody>${rows}</tbody></table></div>`
}
