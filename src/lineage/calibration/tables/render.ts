/** The tables of a calibration as Markdown, for the page of the method and for the terminal. */
import type { Calibration } from '../calibration.ts'
import type { Share } from './statistics.ts'
import type { CellRow, FalseRates, PowerPoint, TestRow } from './tables.ts'

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

function showShare({ count, of }: Share): string {
  return `${count} of ${of}`
}

function falseRow(name: string, rates: FalseRates): string[] {
  return [
    name,
    String(rates.pairs),
    String(rates.models),
    String(rates.kin),
    rates.bound.toExponential(1),
    `${rates.cluster.low} to ${rates.cluster.high}`,
    `${rates.inconclusive}, ${rates.insufficient}`,
    rates.belowPowers.join(', '),
    String(rates.smallest),
  ]
}

function cellCells(row: CellRow): string[] {
  const verdicts = Object.entries(row.verdicts).map(([verdict, count]) => `${verdict} ${count}`)
  const { right, wrong, open } = row.direction
  return [
    row.cell,
    row.truth,
    showShare(row.kin),
    row.auc === null ? '' : String(row.auc),
    String(row.median),
    verdicts.join(', '),
    row.truth === 'independent' ? '' : `${right}, ${wrong}, ${open}`,
  ]
}

function testCells({ test, pairs, belowPowers, smallest }: TestRow): string[] {
  return [test, String(pairs), ...belowPowers.map(String), String(smallest)]
}

function powerCells({ drift, cosine, kin, descent, median }: PowerPoint): string[] {
  return [String(drift), String(cosine), showShare(kin), showShare(descent), String(median)]
}

/** All tables. */
export function renderTables({ version, digest, zoo, pairs, tables }: Calibration): string {
  const { independent, disguised, uniformity: even, nullMean, directions } = tables
  return [
    `Method ${version}, zoo \`${zoo.seed}\` of ${zoo.bases} bases, ${pairs.ran} of ${pairs.planned} pairs, table \`${digest}\`.`,
    '## False kinship at 1e-6',
    table(
      [
        'pairs of strangers',
        'pairs',
        'models',
        'called kin',
        '95 % bound',
        'interval by models',
        'inconclusive, insufficient',
        'bound ≤ 1e-1 … 1e-6',
        'smallest log10',
      ],
      [falseRow('bases', independent), falseRow('disguised, or trained further', disguised)],
    ),
    '## The null of the fixed-point test',
    table(
      [
        'fixed points',
        ...tables.null.observed.map((_, k) => (k === tables.null.observed.length - 1 ? `${k} or more` : String(k))),
      ],
      [
        ['cells', ...tables.null.observed.map(String)],
        ['Poisson(1)', ...tables.null.expected.map(String)],
      ],
    ),
    `${tables.null.cells} cells, mean ${tables.null.mean} (by models ${nullMean.low} to ${nullMean.high}), variance ${tables.null.variance}, chi-squared p ${tables.null.p}. Randomised p-values in twenty equal bins: ${even.bins.join(', ')}; chi-squared p ${even.p}. Negative controls that failed: ${showShare(tables.controlsFailed)}.`,
    '## Smallest bound of each kind of test among strangers, before family-wise control',
    table(
      ['test', 'pairs', '≤ 1e-1', '1e-2', '1e-3', '1e-4', '1e-5', '1e-6', 'smallest log10'],
      tables.tests.map(testCells),
    ),
    '## By kind of pair',
    'Direction: claims that are right, wrong, and pairs without a claim.',
    table(['pair', 'truth', 'called kin', 'AUC', 'median log10', 'verdicts', 'direction'], tables.cells.map(cellCells)),
    `Direction over all pairs of kin: ${directions.right} right, ${directions.wrong} wrong, ${directions.open} open.`,
    '## Power against drift',
    table(['noise', 'cosine', 'called kin', 'descent said', 'median log10'], tables.power.map(powerCells)),
    '',
  ].join('\n\n')
}
