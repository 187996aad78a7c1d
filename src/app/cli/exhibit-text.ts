/** An exhibit in a terminal: what is done to the labels, what is left over, and what that means. */
import { formatBytes, showUnseen } from '../../base/index.ts'
import type { CheckedMatrix, Exhibit, ExhibitSummary } from '../../lineage/index.ts'

/** What is left over of one matrix of B. */
export type Leftover = Omit<CheckedMatrix, 'stated'>

interface Named {
  readonly ref: string
  readonly id: string
}

/** An exhibit as it is told of. */
interface ToldExhibit extends ExhibitSummary {
  readonly a: Named
  readonly b: Named
  readonly defect: number
  /** The worst first. */
  readonly matrices: readonly Leftover[]
}

/** An exhibit that was written. */
export interface MadeExhibit extends ToldExhibit {
  readonly path: string
  readonly size: number
  readonly sha256: string
}

/** An exhibit that was checked. */
export interface CheckedExhibit extends ToldExhibit {
  readonly holds: boolean
  readonly reasons: readonly string[]
  readonly matrices: readonly CheckedMatrix[]
}

/** From here on a matrix that was turned is no longer the same matrix turned. */
const LARGEST_DEFECT = 0.01

/** What is left over of each matrix as an exhibit says, the worst first. */
export function listLeftovers({ layers, matrices }: Exhibit): Leftover[] {
  const of = (layer: number, list: Exhibit['matrices']): Leftover[] =>
    list.map(({ role, residual }) => ({ layer, role, residual }))
  const all = [...layers.flatMap(({ b, matrices: list }) => of(b, list)), ...of(-1, matrices)]
  return all.toSorted((x, y) => y.residual - x.residual)
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`
}

function renderLeftover({ layer, role, residual }: Leftover): string {
  const where = layer < 0 ? '' : `layer ${layer} `
  return `  ${percent(residual).padStart(9)}  ${where}${role}`
}

function sayChange({ changes, matrices }: ToldExhibit): string {
  const [worst, best] = [matrices[0], matrices.at(-1)]
  const way = changes.length === 0 ? 'as it stands, with no label changed' : `by ${changes.join(', ')}`
  if (worst === undefined || best === undefined) return `A becomes B ${way}; no matrix was measured.`
  const left = worst === best ? percent(worst.residual) : `${percent(best.residual)} to ${percent(worst.residual)}`
  return `A becomes B ${way}; what is left over of each matrix is ${left}.`
}

function renderBody(told: ToldExhibit): string[] {
  const { a, b, layers, units, matrices, defect } = told
  return [
    `A:         ${showUnseen(a.ref)}  ${a.id}`,
    `B:         ${showUnseen(b.ref)}  ${b.id}`,
    `Covers:    ${layers.shown} of ${layers.of} layers of B, ${units.paired} of ${units.of} hidden units`,
    ...(defect <= LARGEST_DEFECT
      ? []
      : [`Rotation:  off by ${defect.toPrecision(2)}: it is none, and what is left over says less`]),
    '',
    sayChange(told),
    'Of models that have nothing in common about all of gate, embedding and head would be left, 100 %.',
    'This shows kinship; it does not show which of the two came first.',
    '',
    'Left over, the worst first:',
    ...matrices.map(renderLeftover),
  ]
}

/** Lines for a terminal of an exhibit that was written. */
export function renderExhibit(made: MadeExhibit): string {
  const { path, size, sha256 } = made
  return [`${showUnseen(path)}  ${formatBytes(size)}  sha256 ${sha256}`, ...renderBody(made)].join('\n')
}

/** Lines for a terminal of an exhibit that was checked. */
export function renderExhibitCheck(checked: CheckedExhibit): string {
  const { holds, reasons } = checked
  const verdict = holds ? 'HOLDS  what is left over is what the exhibit says' : 'DOES NOT HOLD'
  return [verdict, ...reasons.map((reason) => `  - ${showUnseen(reason)}`), ...renderBody(checked)].join('\n')
}
