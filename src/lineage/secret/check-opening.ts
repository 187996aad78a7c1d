/**
 * Checks an opening: the verifier computes from the opened bytes everything that the kit says of them.
 *
 * For each chosen tensor: the bytes have the digests of the leaf; the leaf and its path give the registered root; the
 * leaf is at the place that the kit names; the unit signs, the sketch, the keyed digest and the signs of residual
 * dimensions are those of the kit. The first lie shows. An opening that holds proves the chosen tensors and by the
 * beacon, in probability, the others; it does not prove that the registrant made the model.
 */
import { closeSync, existsSync, openSync, readFileSync, readSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { canonicalJson, Fault } from '../../base/index.ts'
import { decodeTensor, findTensorLayout, tensorElements } from '../../simd/index.ts'
import { runTask } from '../fingerprint/digest-task.ts'
import { readResidualKit, readUnitSigns } from '../fingerprint/kit.ts'
import type { UnitKit } from '../fingerprint/fingerprint.ts'
import { ROLES } from '../weights/families/family.ts'
import type { Part } from '../weights/part.ts'
import type { Draw } from '../weights/sampling.ts'
import { hiddenUnits } from '../weights/unit-matrix.ts'
import { rowBytes, type Weights } from '../weights/weights.ts'
import type { Challenge } from './challenge.ts'
import { isSketched, sketchPlace } from './keyed-sketch.ts'
import { keyNames, type KitKey } from './kit-key.ts'
import { markOf } from './make-kit.ts'
import { maskKit, maskPanel } from './mask-kit.ts'
import { leafHash, rootOfPath } from './merkle.ts'
import { openingSchema, type Opening } from './open-kit.ts'
import { keyedDraw, type SecretKey } from './prf.ts'
import type { SecretKit } from './secret-kit.ts'
import { leafTargets, type LeafTarget, type TensorLeaf } from './tensor-leaves.ts'

/** One thing that was recomputed. */
export interface OpeningCheck {
  readonly leaf: number
  /** `bytes`, `root`, `place`, `unit signs`, `panel signs`, `sketch`, `mark`, `residual signs`, `answer`. */
  readonly what: string
  readonly holds: boolean
}

/** See the module. */
export interface OpeningResult {
  readonly schema: 'tidewaiter/opening-check/v1'
  readonly verdict: 'holds' | 'contradicted'
  readonly checks: readonly OpeningCheck[]
}

const leafSchema: z.ZodType<TensorLeaf> = z.strictObject({
  role: z.enum(ROLES),
  layer: z.int().min(-1).max(1023),
  expert: z.int().min(-1).max(100_000),
  bias: z.boolean(),
  type: z.string().max(32),
  bigEndian: z.boolean(),
  rows: z
    .int()
    .min(1)
    .max(2 ** 31),
  columns: z
    .int()
    .min(1)
    .max(2 ** 31),
  transposed: z.boolean(),
  rope: z.enum(['half', 'interleaved']),
  headRows: z
    .int()
    .min(0)
    .max(2 ** 20),
  raw: z.string().regex(/^[0-9a-f]{64}$/),
  canonical: z.string().regex(/^[0-9a-f]{64}$/),
})

/** Reads `opening.json` of a folder. @throws Fault `bad-opening` */
export function readOpening(folder: string): Opening {
  try {
    return openingSchema.parse(JSON.parse(readFileSync(join(folder, 'opening.json'), 'utf8')))
  } catch (cause) {
    throw new Fault('bad-opening', `${folder} holds no opening.json that can be read`, { cause })
  }
}

/** An opened tensor as a part of its own, with its reader. */
interface OpenedTensor {
  readonly leaf: TensorLeaf
  readonly part: Part
  readonly path: string
  readonly source: Pick<Weights, 'read' | 'rows' | 'grid'>
}

function readerOf(path: string): Pick<Weights, 'read' | 'rows' | 'grid'> {
  const read: Weights['read'] = (_tensor, from, into) => {
    const file = openSync(path, 'r')
    try {
      const got = readSync(file, into, 0, into.length, from)
      if (got !== into.length) throw new Fault('bad-opening', `${got} of ${into.length} bytes at ${from}`)
    } finally {
      closeSync(file)
    }
  }
  return {
    read,
    grid: () => undefined,
    rows(part, from, count) {
      const raw = new Uint8Array(count * rowBytes(part))
      read(part.tensor, from * rowBytes(part), raw)
      return decodeTensor(part.tensor.type, raw, { bigEndian: part.tensor.bigEndian === true })
    },
  }
}

function parseLeaf(content: string): TensorLeaf | null {
  let parsed: unknown
  try {
    parsed = JSON.parse(content)
  } catch {
    return null
  }
  const { success, data } = leafSchema.safeParse(parsed)
  return success && canonicalJson(data) === content ? data : null
}

/** Null when the bytes are not those of a tensor of that type and shape. */
function openTensor(content: string, path: string): OpenedTensor | null {
  const leaf = parseLeaf(content)
  if (leaf === null || !existsSync(path)) return null
  const length = statSync(path).size
  const layout = findTensorLayout(leaf.type)
  if (layout === undefined || length % layout.blockBytes !== 0) return null
  if (tensorElements(leaf.type, length) !== leaf.rows * leaf.columns || leaf.columns % layout.blockElements !== 0)
    return null
  const { role, layer, expert, bias, rows, columns, transposed, rope, type, bigEndian } = leaf
  const tensor = { name: 'opened', type, shape: [rows, columns], file: path, offset: 0, length, bigEndian }
  const part = { role, bias, stack: '', layer, expert, tensor, firstRow: 0, rows, columns, transposed, rope }
  return { leaf, part, path, source: readerOf(path) }
}

/** True when the stored bytes have the digests of the leaf. */
function bytesHold({ leaf, part, path }: OpenedTensor): boolean {
  const { type, length } = part.tensor
  const decodable = findTensorLayout(type)?.decodable === true
  const task = { path, offset: 0, length, type, bigEndian: leaf.bigEndian, decodable, columns: leaf.columns }
  const context = { throwIfCancelled: () => undefined, progress: () => undefined }
  const { raw, canonical } = runTask({ ...task, headRows: leaf.headRows, sketchBits: 0 }, context)
  return raw === leaf.raw && canonical === leaf.canonical
}

function isAt({ leaf }: OpenedTensor, target: LeafTarget): boolean {
  return leaf.layer === target.layer && leaf.role === target.role && !leaf.bias && leaf.expert <= 0
}

/** What the checks of one tensor need. */
interface CheckInput {
  readonly kit: SecretKit
  readonly seed: SecretKey
  readonly panelKey: SecretKey | null
  readonly target: LeafTarget
  readonly tensor: OpenedTensor
}

function signsHold(units: UnitKit | null, draw: Draw, { target, tensor }: CheckInput): boolean {
  const layer = units?.layers.find((each) => each.layer === target.layer)
  if (units === null || layer === undefined || target.view === null) return true
  const matrix = hiddenUnits(tensor.part)
  if (matrix.units < units.width || matrix.length !== units.inner || !layer.views.includes(target.view)) return false
  const wanted = {
    units: draw('units', { size: units.width, count: units.units }),
    coordinates: draw('coordinates', { size: units.inner, count: units.bitsPerView }),
  }
  const signs = readUnitSigns(tensor.source, matrix, wanted)
  const [size, views, view] = [units.bitsPerView / 8, layer.views.length, layer.views.indexOf(target.view)]
  return wanted.units.every((_, unit) => {
    const from = (unit * views + view) * size
    return Buffer.compare(layer.bits.subarray(from, from + size), signs.subarray(unit * size, (unit + 1) * size)) === 0
  })
}

function residualHolds({ kit, seed, tensor }: CheckInput): boolean {
  const { role } = tensor.part
  const registered = kit.residual.find((each) => each.role === role)
  if (registered === undefined || (role !== 'embedding' && role !== 'head')) return true
  const made = readResidualKit(tensor.source, tensor.part, { role, draw: keyedDraw(seed), count: registered.tokens })
  return made.vocabulary === registered.vocabulary && Buffer.compare(made.bits, registered.bits) === 0
}

function placeHolds({ kit, seed, tensor }: CheckInput): Readonly<Record<'sketch' | 'mark', boolean>> {
  const { part, leaf } = tensor
  const place = kit.places.find(({ layer, role }) => layer === part.layer && role === part.role)
  if (place === undefined) return { sketch: true, mark: true }
  const made = isSketched(part) ? sketchPlace(tensor.source, part, seed) : new Uint8Array(place.sketch.length)
  // The mark of a mixture of experts is over all of them and cannot be told from one.
  const isMarked = leaf.expert >= 0 || Buffer.compare(markOf(seed, leaf.canonical.slice(0, 16)), place.mark) === 0
  return { sketch: Buffer.compare(made, place.sketch) === 0, mark: isMarked }
}

function contentChecks(input: CheckInput): readonly (readonly [string, boolean])[] {
  if (!isAt(input.tensor, input.target)) return [['place', false]]
  const { sketch, mark } = placeHolds(input)
  return [
    ['place', true],
    ['unit signs', signsHold(input.kit.units, keyedDraw(input.seed), input)],
    ...(input.panelKey === null
      ? []
      : [['panel signs', signsHold(input.kit.panel, keyedDraw(input.panelKey), input)] as const]),
    ['residual signs', residualHolds(input)],
    ['sketch', sketch],
    ['mark', mark],
  ]
}

function checkOne(
  entry: Opening['opened'][number],
  at: { readonly kit: SecretKit; readonly key: KitKey; readonly folder: string },
): OpeningCheck[] {
  const { kit, key, folder } = at
  const { seed, panel: panelKey } = key
  const path = entry.path.map((each) => Buffer.from(each, 'hex'))
  const leaf = leafHash(Buffer.from(entry.salt, 'hex'), entry.content)
  const root = rootOfPath(leaf, { index: entry.leaf, size: kit.leaves }, path)
  const tensor = openTensor(entry.content, join(folder, entry.file))
  const target = leafTargets(kit).targets[entry.leaf]
  const rest =
    tensor === null || target === undefined
      ? [['bytes', false] as const]
      : [['bytes', bytesHold(tensor)] as const, ...contentChecks({ kit, seed, panelKey, target, tensor })]
  const rooted = root !== null && Buffer.from(root).toString('hex') === kit.root
  return [['root', rooted] as const, ...rest].map(([what, holds]) => ({ leaf: entry.leaf, what, holds }))
}

/**
 * Checks an opening against a kit and the challenge that it answers.
 *
 * @throws Fault `wrong-key` when the key is not that of the kit; `bad-opening` when there is nothing to check
 */
export function checkOpening(
  folder: string,
  at: { readonly kit: SecretKit; readonly challenge: Challenge; readonly key: KitKey },
): OpeningResult {
  const { kit, challenge, key } = at
  const names = keyNames(key)
  if (names.key !== kit.key || (key.panel !== null && kit.panelKey !== null && names.panelKey !== kit.panelKey))
    throw new Fault('wrong-key', 'the key is not that of the kit')
  const opening = readOpening(folder)
  const panel = key.panel === null ? kit.panel : maskPanel(kit, key.panel)
  const clear = { ...maskKit(kit, key.seed), panel }
  const asked = challenge.leaves.map((leaf): OpeningCheck => {
    const isAnswered = opening.opened.filter((entry) => entry.leaf === leaf).length === 1
    return {
      leaf,
      what: 'answer',
      holds: isAnswered && opening.kit === challenge.kit && opening.beacon === challenge.beacon,
    }
  })
  const answered = opening.opened.filter(({ leaf }) => challenge.leaves.includes(leaf))
  const checks = [...asked, ...answered.flatMap((entry) => checkOne(entry, { kit: clear, key, folder }))]
  const verdict = checks.every(({ holds }) => holds) ? 'holds' : 'contradicted'
  return { schema: 'tidewaiter/opening-check/v1', verdict, checks }
}
