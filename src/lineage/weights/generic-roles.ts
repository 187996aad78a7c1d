/**
 * Roles by shape, for models whose names say nothing.
 *
 * The number that varies first in a name is its layer; names that are alike but for that number are one place in the
 * layer. Among the matrices that occur in most layers, d is the size that most of them share; a place of h × d or d × h
 * with the largest h > d belongs to the MLP. In which order h and d are stored does not matter to any test, since
 * hidden units always lie along h; the place that is stored the other way round than the rest narrows. The embedding is the
 * largest matrix outside the layers with d columns.
 *
 * Assumed, and said in the verdict's reasons: that this guess is right. A wrong guess costs power, not validity.
 */
import type { TensorFact } from '../../formats/index.ts'
import { findTensorLayout } from '../../simd/index.ts'
import type { Role } from './families/family.ts'
import type { Part } from './part.ts'

interface Place {
  readonly template: string
  readonly shape: readonly number[]
  readonly tensors: ReadonlyMap<number, TensorFact>
}

const NUMBER = /\d+/g

/** Names with their numbers cut out, apart from all but the first that varies; and that number. */
function placeOf(name: string, position: number): { readonly template: string; readonly layer: number } {
  let seen = -1
  let layer = -1
  const template = name.replace(NUMBER, (digits) => {
    seen += 1
    if (seen !== position) return digits
    layer = Number(digits.slice(0, 6))
    return '#'
  })
  return { template, layer }
}

/** Which number in the names varies first: names differ in it and agree otherwise. */
function layerPosition(names: readonly string[]): number {
  const merged = [0, 1, 2].map((position) => new Set(names.map((name) => placeOf(name, position).template)).size)
  return Math.max(
    0,
    merged.findIndex((templates) => templates < new Set(names).size),
  )
}

function findPlaces(tensors: readonly TensorFact[]): Place[] {
  const matrices = tensors.filter(
    ({ shape, type, name }) =>
      shape.length === 2 && name.length <= 512 && findTensorLayout(type)?.decodable === true && Math.min(...shape) > 1,
  )
  const position = layerPosition(matrices.map(({ name }) => name))
  const places = Map.groupBy(matrices, ({ name, shape }) => `${placeOf(name, position).template} ${shape.join('×')}`)
  return [...places.values()].map((group) => ({
    template: placeOf(group[0]?.name ?? '', position).template,
    shape: group[0]?.shape ?? [],
    tensors: new Map(group.map((tensor) => [placeOf(tensor.name, position).layer, tensor])),
  }))
}

function mostShared(places: readonly Place[]): number {
  const counts = new Map<number, number>()
  for (const { shape, tensors } of places)
    for (const size of new Set(shape)) counts.set(size, (counts.get(size) ?? 0) + tensors.size)
  return [...counts].reduce((best, entry) => (entry[1] > best[1] ? entry : best), [0, 0] as const)[0]
}

function partOf(tensor: TensorFact, role: Role, at: { readonly layer: number; readonly transposed: boolean }): Part {
  const [rows = 0, columns = 0] = tensor.shape
  const place = { bias: false, stack: at.layer < 0 ? '' : 'layers', expert: -1, firstRow: 0, rope: 'half' } as const
  return { role, ...place, layer: at.layer, tensor, rows, columns, transposed: at.transposed }
}

/** The place that is stored the other way round than the others narrows; it goes last. */
function narrowingLast(mlp: readonly Place[]): readonly Place[] {
  const lying = mlp.filter(({ shape }) => (shape[0] ?? 0) < (shape[1] ?? 0))
  const standing = mlp.filter((place) => !lying.includes(place))
  return lying.length <= standing.length ? [...standing, ...lying] : [...lying, ...standing]
}

function mlpRoles(count: number): readonly Role[] {
  if (count === 1) return ['up']
  return count === 2 ? ['up', 'down'] : ['gate', 'up', 'down']
}

/** Parts of the MLPs and the embedding, as far as the shapes give them away; see the module. */
export function genericRoles(tensors: readonly TensorFact[]): Part[] {
  const places = findPlaces(tensors)
  const layered = places.filter((place) => place.tensors.size > 1)
  const d = mostShared(layered)
  const wide = layered.filter(({ shape }) => shape.includes(d) && Math.max(...shape) > d)
  const h = Math.max(0, ...wide.map(({ shape }) => Math.max(...shape)))
  const mlp = narrowingLast(wide.filter(({ shape }) => Math.max(...shape) === h).slice(0, 3))
  const roles = mlpRoles(mlp.length)
  const parts = mlp.flatMap(({ tensors: group, shape }, index) => {
    const role = roles[index] ?? 'other'
    const transposed = role === 'down' ? shape[0] === h : shape[1] === h
    return [...group].map(([layer, tensor]) => partOf(tensor, role, { layer, transposed }))
  })
  const single = places.filter((place) => place.tensors.size === 1 && place.shape[1] === d && (place.shape[0] ?? 0) > h)
  const embedding = single.flatMap((place) => [...place.tensors.values()]).toSorted((a, b) => b.length - a.length)[0]
  return embedding === undefined ? parts : [...parts, partOf(embedding, 'embedding', { layer: -1, transposed: false })]
}
