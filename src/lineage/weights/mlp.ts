/**
 * The MLPs of a model: for each layer the matrices whose units the fixed-point test numbers.
 *
 * Of a mixture of experts the first expert of each layer is looked at; the others are digested but not compared unit
 * by unit, since experts themselves may have been renumbered.
 */
import { MIN_WIDTH } from './fixed-point.ts'
import type { Part } from './part.ts'
import type { RoleModel } from './roles.ts'
import { hiddenUnits, type UnitMatrix } from './unit-matrix.ts'

/** Views of a hidden unit, in the order in which they are tried. */
export const MLP_VIEWS = ['gate', 'up', 'down'] as const
/** See {@link MLP_VIEWS}. */
export type MlpView = (typeof MLP_VIEWS)[number]

/** One layer's MLP. All its views have `width` units of `inner` coordinates. */
export interface Mlp {
  readonly layer: number
  readonly width: number
  readonly inner: number
  readonly views: ReadonlyMap<MlpView, UnitMatrix>
}

function isView(role: Part['role']): role is MlpView {
  return role === 'gate' || role === 'up' || role === 'down'
}

function toMlp(layer: number, parts: readonly Part[]): Mlp | undefined {
  const matrices = parts.flatMap((part) =>
    part.layer === layer && isView(part.role) && !part.bias && part.expert <= 0 && part.rows > 1
      ? [[part.role, hiddenUnits(part)] as const]
      : [],
  )
  const first = matrices[0]?.[1]
  if (first === undefined) return undefined
  const alike = matrices.filter(([, { units, length }]) => units === first.units && length === first.length)
  return { layer, width: first.units, inner: first.length, views: new Map(alike) }
}

/** The MLPs wide enough to be tested, by ascending layer. */
export function testableMlps(model: RoleModel): Mlp[] {
  const byLayer = Map.groupBy(model.parts, ({ layer }) => layer)
  return [...byLayer]
    .filter(([layer]) => layer >= 0)
    .toSorted(([a], [b]) => a - b)
    .flatMap(([layer, parts]) => toMlp(layer, parts) ?? [])
    .filter(({ width }) => width >= MIN_WIDTH)
}

/** Width of the residual stream: columns of the embedding, else coordinates of the units; 0 when unknown. */
export function residualWidth(model: RoleModel): number {
  const embedding = model.parts.find(({ role, bias }) => role === 'embedding' && !bias)
  const matrix = model.parts.find(({ role, bias }) => isView(role) && !bias)
  if (embedding !== undefined) return embedding.columns
  return matrix === undefined ? 0 : hiddenUnits(matrix).length
}
