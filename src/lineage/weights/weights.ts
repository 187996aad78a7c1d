/**
 * A model opened for comparison: roles, and the values of any rows of any part.
 *
 * Files are opened when first read and closed together. Every read names a place inside its file that was checked
 * beforehand, so a truncated or lying file makes the model unusable and never a read outside.
 */
import { closeSync, openSync, readSync } from 'node:fs'
import { Fault } from '../../base/index.ts'
import type { OpenedArtefact } from '../../artefact/index.ts'
import type { ArtefactFacts, TensorFact } from '../../formats/index.ts'
import { decodeTensor, findTensorLayout, requireDecodable, tensorElements } from '../../simd/index.ts'
import { applyGrid, type GridValues } from './grid.ts'
import type { Part } from './part.ts'
import { withoutFormulas } from './smooth-rows.ts'
import { readRoles, type RoleModel } from './roles.ts'

/** See the module. */
export interface Weights {
  /** The artefact's id. */
  readonly id: string
  readonly opened: OpenedArtefact
  readonly facts: ArtefactFacts
  readonly model: RoleModel
  /** Fills `into` with the bytes of a tensor from `from` on. @throws Fault `truncated`, `changed-while-read` */
  read(tensor: TensorFact, from: number, into: Uint8Array): void
  /** Values of whole stored rows of a part, `from` counted within it. */
  rows(part: Part, from: number, count: number): Float32Array
  /** What stored integers of a part stand for; undefined when they stand for themselves. */
  grid(part: Part): GridValues | undefined
  close(): void
}

/** Bytes of one stored row. @throws Fault `partial-block` when a row does not end between blocks */
export function rowBytes(part: Part): number {
  const { blockBytes, blockElements } = requireDecodable(part.tensor.type)
  if (part.columns % blockElements !== 0)
    throw new Fault('partial-block', `rows of ${part.columns} are no whole number of ${part.tensor.type} blocks`)
  return (part.columns / blockElements) * blockBytes
}

/** Says why the tensors cannot be read as their facts say; null when they can. */
function findMisfit(facts: ArtefactFacts, model: RoleModel): string | null {
  const sizes = new Map(facts.files.map(({ path, size }) => [path, size]))
  for (const { tensor } of model.parts) {
    const size = sizes.get(tensor.file) ?? 0
    const inside = tensor.offset >= 0 && tensor.length >= 0 && tensor.offset + tensor.length <= size
    if (!inside) return `tensor ${JSON.stringify(tensor.name)} lies outside its file of ${size} bytes`
    const elements = tensor.shape.reduce((product, dimension) => product * dimension, 1)
    const layout = findTensorLayout(tensor.type)
    if (layout === undefined) continue
    if (layout.decodable && (tensor.shape.at(-1) ?? 1) % layout.blockElements !== 0)
      return `tensor ${JSON.stringify(tensor.name)} has rows that do not end between blocks of ${tensor.type}`
    if (tensor.length % layout.blockBytes !== 0 || tensorElements(tensor.type, tensor.length) !== elements)
      return `tensor ${JSON.stringify(tensor.name)} has ${tensor.length} bytes, not those of its shape`
  }
  return null
}

function withoutMisfits(facts: ArtefactFacts): RoleModel {
  const model = readRoles(facts)
  const unusable = model.unusable ?? findMisfit(facts, model)
  return unusable === null ? model : { ...model, parts: [], layers: 0, unusable }
}

/** Opens a model. Close it when done. */
export function openWeights(opened: OpenedArtefact, facts: ArtefactFacts): Weights {
  const handles = new Map<string, number>()
  const handleOf = (file: string): number => {
    const handle = handles.get(file) ?? openSync(opened.locate(file), 'r')
    handles.set(file, handle)
    return handle
  }
  const read = (tensor: TensorFact, from: number, into: Uint8Array): void => {
    const { length } = into
    if (from < 0 || from + length > tensor.length)
      throw new Fault('truncated', `bytes ${from} to ${from + length} of a tensor of ${tensor.length}`)
    const got = readSync(handleOf(tensor.file), into, 0, length, tensor.offset + from)
    if (got !== length) throw new Fault('changed-while-read', `${tensor.file}: ${got} of ${length} bytes`)
  }
  const close = (): void => {
    for (const handle of handles.values()) closeSync(handle)
    handles.clear()
  }
  const weights = weightsOver({ opened, facts }, { read, close })
  return { ...weights, model: withoutFormulas(weights.model, weights) }
}

/** Weights over any way of reading: the roles and rows of a model whose bytes come from `read`. */
export function weightsOver(
  { opened, facts }: Pick<Weights, 'opened' | 'facts'>,
  { read, close }: Pick<Weights, 'read' | 'close'>,
): Weights {
  const whole = (tensor: TensorFact): Float32Array => {
    const raw = new Uint8Array(tensor.length)
    read(tensor, 0, raw)
    return decodeTensor(tensor.type, raw, { bigEndian: tensor.bigEndian === true })
  }
  const grids = new Map<TensorFact, GridValues>()
  const gridOf = ({ tensor, grid }: Part): GridValues | undefined => {
    if (grid === undefined) return undefined
    const { scale, zero } = grid
    const known = grids.get(tensor) ?? {
      zero: zero === undefined ? 0 : (whole(zero)[0] ?? 0),
      scales: scale === undefined ? Float32Array.of(1) : whole(scale.tensor),
      along: scale?.along ?? 'all',
    }
    grids.set(tensor, known)
    return known
  }
  return {
    id: opened.artefact.id,
    opened,
    facts,
    model: withoutMisfits(facts),
    read,
    rows(part, from, count) {
      const size = rowBytes(part)
      const raw = new Uint8Array(count * size)
      read(part.tensor, (part.firstRow + from) * size, raw)
      const values = decodeTensor(part.tensor.type, raw, { bigEndian: part.tensor.bigEndian === true })
      const grid = gridOf(part)
      if (grid !== undefined)
        applyGrid(values, grid, {
          rows: Array.from({ length: count }, (_, row) => part.firstRow + from + row),
          columns: Array.from({ length: part.columns }, (_, column) => column),
        })
      return values
    },
    grid: gridOf,
    close,
  }
}
