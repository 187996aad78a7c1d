/**
 * What a seal moves: for each group of hidden units the parts that hold them, and the order that a recipient gets.
 *
 * Reordering the rows of gate and up, their biases, and the columns of down by one permutation changes no output of the
 * model: each hidden unit is computed as before and added as before, only at another place. So each recipient can be
 * given an order of his own, drawn under a key, and whoever has the key can later tell whose order a copy stands in.
 * Every layer, and every expert of a layer, has its own permutation.
 *
 * Guarantee: a model of which not every tensor over hidden units is understood is refused, never sealed in part.
 */
import { Fault } from '../../base/index.ts'
import { findTensorLayout } from '../../simd/index.ts'
import { MIN_WIDTH } from '../weights/fixed-point.ts'
import { describePart, type Part } from '../weights/part.ts'
import type { RoleModel } from '../weights/roles.ts'
import { hiddenUnits } from '../weights/unit-matrix.ts'
import { keyedPermutation, type SecretKey } from './prf.ts'

/** A part whose hidden units move. */
export interface SealedPart {
  readonly part: Part
  /** Whether a hidden unit is a stored row or a stored column. */
  readonly axis: 'row' | 'column'
}

/** The hidden units of one layer, or of one expert. */
export interface SealGroup {
  readonly layer: number
  /** −1 where there are no experts. */
  readonly expert: number
  readonly width: number
  readonly parts: readonly SealedPart[]
}

function isHidden({ role, layer }: Part): boolean {
  return layer >= 0 && (role === 'gate' || role === 'up' || role === 'down')
}

function sealedPart(part: Part): SealedPart & { readonly units: number } {
  if (part.bias) return { part, axis: 'column', units: part.columns }
  const { axis, units } = hiddenUnits(part)
  return { part, axis, units }
}

function refuse(code: string, what: string): never {
  throw new Fault(code, `${what}; nothing was sealed`)
}

function ensureMovable({ part, axis }: SealedPart): void {
  const layout = findTensorLayout(part.tensor.type)
  const name = `${describePart(part)} has the type ${part.tensor.type}`
  if (layout === undefined) refuse('seal-unknown-type', name)
  if (axis === 'column' && layout.blockElements > 1)
    refuse(
      'seal-crosses-blocks',
      `${name}, whose blocks hold ${layout.blockElements} units each: seal before quantising`,
    )
  if (part.columns % layout.blockElements !== 0)
    refuse('seal-crosses-blocks', `${name}, and its rows end within a block`)
}

function toGroup(parts: readonly Part[]): SealGroup {
  const moved = parts.filter(({ role, bias }) => !(role === 'down' && bias)).map(sealedPart)
  const [first] = parts
  const width = moved[0]?.units ?? 0
  const layer = first?.layer ?? -1
  const expert = first?.expert ?? -1
  const roles = new Set(moved.filter(({ part }) => !part.bias).map(({ part }) => part.role))
  if (!roles.has('down') || !(roles.has('up') || roles.has('gate')))
    refuse('seal-not-understood', `layer ${layer} has no pair of matrices into and out of its hidden units`)
  const other = moved.find(({ units }) => units !== width)
  if (other !== undefined)
    refuse('seal-not-understood', `${describePart(other.part)} has ${other.units} hidden units, others ${width}`)
  for (const each of moved) ensureMovable(each)
  return { layer, expert, width, parts: moved.map(({ part, axis }) => ({ part, axis })) }
}

/** The words of a tensor's name up to the number of its layer. */
function layerPrefix(name: string): string {
  return /^.*?\.\d+\./.exec(name)?.[0] ?? name
}

/** Tensors of a sealed layer without a known role that have one number for each hidden unit. */
function ensureNothingElse(model: RoleModel, groups: readonly SealGroup[]): void {
  const widths = Map.groupBy(groups, ({ parts }) => layerPrefix(parts[0]?.part.tensor.name ?? ''))
  for (const part of model.parts.filter(({ role }) => role === 'other')) {
    const near = widths.get(layerPrefix(part.tensor.name)) ?? []
    if (near.some(({ width }) => part.tensor.shape.includes(width)))
      refuse('seal-not-understood', `${part.tensor.name} may number hidden units, and its role is not known`)
  }
}

/** Plans the seal of a model. @throws Fault `seal-not-understood`, `seal-crosses-blocks`, `seal-unknown-type` */
export function planSeal(model: RoleModel): SealGroup[] {
  if (model.unusable !== null) refuse('seal-not-understood', model.unusable)
  const groups = [...Map.groupBy(model.parts.filter(isHidden), ({ layer, expert }) => `${layer}/${expert}`).values()]
    .map(toGroup)
    .toSorted((a, b) => a.layer - b.layer || a.expert - b.expert)
  const layers = new Set(groups.map(({ layer }) => layer))
  if (groups.length === 0 || layers.size !== model.layers)
    refuse('seal-not-understood', `${layers.size} of ${model.layers} layers have hidden units that are known`)
  const narrow = groups.find(({ width }) => width < MIN_WIDTH)
  if (narrow !== undefined)
    refuse(
      'seal-not-understood',
      `layer ${narrow.layer} has ${narrow.width} hidden units; at least ${MIN_WIDTH} are needed`,
    )
  ensureNothingElse(model, groups)
  return groups
}

/** Where a group stands. */
export type GroupPlace = Pick<SealGroup, 'layer' | 'expert' | 'width'>

/** The order of a recipient: place j of the sealed layer holds unit `order[j]` of the original. */
export function sealOrder(key: SecretKey, recipient: string, { layer, expert, width }: GroupPlace): Uint32Array {
  return keyedPermutation(key, `seal\n${layer}\n${expert}\n${recipient}`, width)
}
