/**
 * How the graph of an ONNX model uses its initialisers: under which name, which way round, and scaled by what.
 *
 * Exporters rename the weights of linear layers (`onnx::MatMul_1234`, `val_109_q`), store them with inputs as rows, and
 * quantisers put a cast and a product before them. What they leave is the name of the bias that is added behind, or the
 * path of the module in the name of the node. So the weight of `MatMul` behind which `….dense.bias` is added is
 * `….dense.weight`.
 *
 * Guarantee: pure; holds at most 131,072 nodes of the graph of the model and none of graphs within. A guess that is
 * wrong changes which tensor is compared with which, and no bound.
 */
import type { WeightUse } from '../facts.ts'

/** What is held of a node. */
export interface GraphNode {
  readonly operator: string
  readonly name: string
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  /** `Gemm`: the second input is stored with outputs as rows. */
  readonly transposesB: boolean
}

/** An initialiser as nodes see it: itself, or behind a cast and a scale. */
interface Source {
  readonly tensor: string
  readonly scale?: string
  readonly zero?: string
  readonly flipped: boolean
}

const MOST_NODES = 131_072
const PASSING: ReadonlySet<string> = new Set(['Cast', 'Identity', 'DequantizeLinear', 'Transpose', 'Mul'])
const PRODUCTS: ReadonlySet<string> = new Set(['MatMul', 'MatMulInteger', 'Gemm', 'Gather'])
/** Between a product and the bias that is added. */
const BETWEEN: ReadonlySet<string> = new Set(['Cast', 'Mul', 'Identity', 'Reshape'])
const MOST_STEPS = 6
const MODULE_PATH = /^\/((?:[\w.-]+\/)+)(?:MatMul|Gemm|Gather)[\w]*$/

/** See the module. */
export class WeightUses {
  readonly #makers = new Map<string, GraphNode>()
  readonly #readers = new Map<string, GraphNode[]>()
  readonly #products: GraphNode[] = []
  readonly #given = new Set<string>()
  #nodes = 0

  /** A node of the graph of the model. */
  node(node: GraphNode): void {
    const isProduct = PRODUCTS.has(node.operator)
    if (!(isProduct || PASSING.has(node.operator) || BETWEEN.has(node.operator) || node.operator === 'Add')) return
    if (++this.#nodes > MOST_NODES) return
    for (const output of node.outputs) this.#makers.set(output, node)
    for (const input of node.inputs) {
      const readers = this.#readers.get(input)
      if (readers === undefined) this.#readers.set(input, [node])
      else readers.push(node)
    }
    if (isProduct) this.#products.push(node)
  }

  /** An initialiser. */
  initialiser(name: string): void {
    if (this.#given.size < MOST_NODES) this.#given.add(name)
  }

  #sourceOf(value: string | undefined, steps = MOST_STEPS): Source | undefined {
    if (value === undefined || steps === 0) return undefined
    if (this.#given.has(value)) return { tensor: value, flipped: false }
    const maker = this.#makers.get(value)
    if (maker === undefined || !PASSING.has(maker.operator)) return undefined
    const source = this.#sourceOf(maker.inputs[0], steps - 1)
    return source === undefined ? undefined : this.#pass(source, maker)
  }

  /** What comes out of a node between an initialiser and its product. */
  #pass(source: Source, { operator, inputs }: GraphNode): Source | undefined {
    if (operator === 'Cast' || operator === 'Identity') return source
    if (operator === 'Transpose') return { ...source, flipped: !source.flipped }
    const scale = inputs[1]
    if (scale === undefined || !this.#given.has(scale) || source.scale !== undefined) return undefined
    return { ...source, scale, ...this.#zero(operator === 'DequantizeLinear' ? inputs[2] : undefined) }
  }

  #zero(name: string | undefined): { readonly zero?: string } {
    return name !== undefined && this.#given.has(name) ? { zero: name } : {}
  }

  /** The bias that is added to a value. */
  #biasOf(value: string | undefined, steps = MOST_STEPS): string | undefined {
    if (value === undefined || steps === 0) return undefined
    const readers = this.#readers.get(value) ?? []
    const sum = readers.find(({ operator }) => operator === 'Add')
    const bias = sum?.inputs.find((input) => input !== value && this.#given.has(input) && input.endsWith('bias'))
    if (bias !== undefined) return bias
    const [next] = readers.filter(({ operator }) => BETWEEN.has(operator))
    return readers.length === 1 && next !== undefined ? this.#biasOf(next.outputs[0], steps - 1) : undefined
  }

  /** The name that the weight of a product would have had; undefined when nothing tells. */
  #nameOf(node: GraphNode, { tensor }: Source): string | undefined {
    if (node.operator === 'Gather') return tensor.replace(/_(?:q|quantized)$/, '')
    const own = node.operator === 'Gemm' ? node.inputs[2] : undefined
    const bias = own?.endsWith('bias') === true ? own : this.#biasOf(node.outputs[0])
    if (bias !== undefined) return `${bias.slice(0, -'bias'.length)}weight`
    const path = MODULE_PATH.exec(node.name)?.[1]
    return path === undefined ? undefined : `${path.replaceAll('/', '.')}weight`
  }

  /** The zero point of a product of integers, whose scale stands behind the product and changes no direction. */
  #zeroOf({ operator, inputs }: GraphNode): { readonly zero?: string } {
    return operator === 'MatMulInteger' ? this.#zero(inputs[3]) : {}
  }

  /** The first use of each initialiser that says more than its own name; once the graph is known whole. */
  list(): readonly WeightUse[] {
    const uses = new Map<string, WeightUse>()
    for (const node of this.#products) {
      const isLookup = node.operator === 'Gather'
      const source = this.#sourceOf(node.inputs[isLookup ? 0 : 1])
      const name = source === undefined ? undefined : this.#nameOf(node, source)
      if (source === undefined || name === undefined || uses.has(source.tensor)) continue
      const { tensor, flipped, ...grid } = { ...source, ...this.#zeroOf(node) }
      const transposed = !isLookup && !(node.transposesB || flipped)
      if (name === tensor && !transposed && Object.keys(grid).length === 0) continue
      uses.set(tensor, { tensor, name, transposed, ...grid })
    }
    return [...uses.values()]
  }
}
