/**
 * Nodes of an ONNX graph: operator, values, attributes, graphs within.
 */
import { quoteName } from '../names.ts'
import type { FieldValue, Place } from '../protobuf/walker.ts'
import { addUse, sayOperator, type OnnxContext, type OperatorScope } from './context.ts'
import { isCompiledOperator, isPythonOperator, namesCode, plainDomain } from './domains.ts'
import { readSparseTensor, readTensor } from './tensors.ts'
import { readType } from './types.ts'
import type { ValueNames } from './value-names.ts'

/** Where a node stands. */
export interface Surroundings {
  readonly scope: OperatorScope
  readonly names: ValueNames
  /** Path of the graph for names of tensors: nothing for the graph of the model. */
  readonly path: string
  /** Graphs around it. */
  readonly level: number
  /** Reads a graph within; handed in, since graphs hold nodes and nodes hold graphs. */
  readonly readGraph: (place: Place, within: Surroundings, title: string) => void
}

/** Value fields of an attribute by the number that its declared type has. */
const VALUE_FIELDS: ReadonlyMap<number, string> = new Map([
  [1, 'f'],
  [2, 'i'],
  [3, 's'],
  [4, 't'],
  [5, 'g'],
  [6, 'floats'],
  [7, 'ints'],
  [8, 'strings'],
  [9, 'tensors'],
  [10, 'graphs'],
  [11, 'sparse_tensor'],
  [12, 'sparse_tensors'],
  [13, 'tp'],
  [14, 'type_protos'],
])

interface AttributeText {
  readonly name: string
  readonly text: string
  readonly number: number
}

function checkKind(context: OnnxContext, attribute: AttributeShape, place: Place): void {
  const { name, declared, found, isReference } = attribute
  const locus = `attribute ${quoteName(name)}`
  const expected = VALUE_FIELDS.get(declared)
  const wrong = found.filter((field) => field !== expected)
  if (declared !== 0 && expected === undefined)
    context.note('onx-attribute', `${locus} has the type ${declared}, which does not exist`, { locus, ...place })
  else if (declared !== 0 && wrong.length > 0)
    context.note('onx-attribute', `${locus} is declared as ${expected} and holds ${wrong[0]}`, { locus, ...place })
  else if (found.length > 1 || (isReference && found.length > 0))
    context.note('onx-attribute', `${locus} holds more than one value`, { locus, ...place })
  if (name === '') context.note('onx-missing', 'an attribute has no name', { locus: 'attribute', ...place })
}

interface AttributeShape {
  readonly name: string
  readonly declared: number
  readonly found: readonly string[]
  readonly isReference: boolean
}

/** The node that an attribute belongs to, and where that stands. */
interface Holder {
  readonly around: Surroundings
  readonly node: string
}

/** Reads an attribute. @returns its text, when it has one */
export function readAttribute(context: OnnxContext, place: Place, { around, node }: Holder): AttributeText {
  const { walker } = context
  const found = new Set<string>()
  let index = 0
  const title = (): string => `${around.path}${node}.${index++}`
  const see =
    (take?: (value: FieldValue) => void) =>
    (value: FieldValue): void => {
      found.add(value.type.name)
      if (take !== undefined) take(value)
      else if (value.type.packable && value.wire === 2) walker.checkPacked(value)
    }
  const graph = see((value) => around.readGraph(value, around, title()))
  const tensor = see((value) => void readTensor(context, value, title()))
  const sparse = see((value) => void readSparseTensor(context, value, title()))
  const type = see((value) => readType(context, value, `attribute of ${quoteName(node)}`))
  const plain = see()
  const on = Object.fromEntries(['f', 'i', 's', 'floats', 'ints', 'strings'].map((field) => [field, plain]))
  const fields = walker.read('AttributeProto', place, {
    keep: ['name', 'type', 's', 'i', 'ref_attr_name'],
    on: {
      ...on,
      t: tensor,
      tensors: tensor,
      g: graph,
      graphs: graph,
      sparse_tensor: sparse,
      sparse_tensors: sparse,
      tp: type,
      type_protos: type,
    },
  })
  const name = fields.text('name')
  const isReference = fields.text('ref_attr_name') !== ''
  checkKind(context, { name, declared: fields.number('type'), found: [...found], isReference }, place)
  return { name, text: fields.text('s'), number: fields.number('i') }
}

/** True in the graph of the model itself. */
export function isMain({ level, path }: Surroundings): boolean {
  return level === 0 && path === ''
}

function sayNode(name: string): string {
  return `node ${quoteName(name)}`
}

/** Notes an operator or a text that leads to code. */
function checkDanger(context: OnnxContext, node: NodeHead, texts: readonly AttributeText[]): void {
  const { name, domain, operator, place } = node
  const say = (code: 'onx-library' | 'onx-compiled-context', what: string): void => {
    const locus = sayNode(name)
    context.note(code, `${locus}, ${sayOperator(domain, operator)}, ${what}`, { locus, ...place })
  }
  if (isPythonOperator(operator)) say('onx-library', 'calls Python')
  if (isCompiledOperator(operator)) say('onx-compiled-context', 'is a compiled program')
  for (const attribute of texts) {
    if (namesCode(attribute.text))
      say('onx-library', `names the code ${quoteName(attribute.text)} in the attribute ${quoteName(attribute.name)}`)
  }
}

interface NodeHead {
  readonly name: string
  readonly domain: string
  readonly operator: string
  readonly place: Place
}

/** Reads a node. */
export function readNode(context: OnnxContext, place: Place, around: Surroundings): void {
  const { walker, counts } = context
  const index = counts.nodes++
  const texts: AttributeText[] = []
  const names = new Set<string>()
  let transposesB = false
  const fields = walker.read('NodeProto', place, {
    keep: ['op_type', 'domain', 'overload', 'name', 'input', 'output'],
    on: {
      attribute: (value) => {
        const attribute = readAttribute(context, value, { around, node: `node${index}` })
        if (names.has(attribute.name))
          context.note('onx-attribute', `attribute ${quoteName(attribute.name)} stands twice`, {
            locus: `node ${index}`,
            ...value,
          })
        names.add(attribute.name)
        if (attribute.text !== '') texts.push(attribute)
        if (attribute.name === 'transB') transposesB = attribute.number === 1
      },
    },
  })
  const operator = fields.text('op_type')
  const domain = plainDomain(fields.text('domain'))
  const name = fields.text('name') === '' ? String(index) : fields.text('name')
  if (operator === '')
    context.note('onx-missing', `${sayNode(name)} has no operator`, { locus: sayNode(name), ...place })
  const [inputs, outputs] = [fields.texts('input'), fields.texts('output')]
  for (const input of inputs) around.names.use(input)
  for (const output of outputs) around.names.make(output)
  if (isMain(around) && domain === '') context.weightUses.node({ operator, name, inputs, outputs, transposesB })
  const overload = fields.text('overload')
  addUse(around.scope, { domain, operator, overload }, () => {
    return { locus: sayNode(name), offset: place.from, length: place.to - place.from }
  })
  checkDanger(context, { name, domain, operator, place }, texts)
}
