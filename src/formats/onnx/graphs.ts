/**
 * Graphs of an ONNX model, and the functions that it defines.
 */
import { quoteName } from '../names.ts'
import type { FieldValue, Place } from '../protobuf/walker.ts'
import { functionKey, makeScope, type OnnxContext, type OperatorScope } from './context.ts'
import { plainDomain } from './domains.ts'
import { isMain, readAttribute, readNode, type Surroundings } from './nodes.ts'
import { readSparseTensor, readTensor } from './tensors.ts'
import { readValueInfo } from './types.ts'
import { ValueNames } from './value-names.ts'

const DEEPEST = 24

/** Notes what is defined twice or not at all, once all of a graph is known. */
function checkNames(context: OnnxContext, { names, place, title }: KnownGraph): void {
  for (const name of names.repeated().slice(0, 100)) {
    const locus = `value ${quoteName(name)}`
    context.note('onx-duplicate-name', `${locus} is defined twice in ${title}`, { locus, ...place })
  }
}

interface KnownGraph {
  readonly names: ValueNames
  readonly place: Place
  readonly title: string
}

/** Notes values that nothing defines. */
function checkUndefined(context: OnnxContext, { names, place, title }: KnownGraph): void {
  for (const name of names.undefined().slice(0, 100)) {
    const locus = `value ${quoteName(name)}`
    context.note('onx-undefined-input', `${locus} is read in ${title} before it is defined`, { locus, ...place })
  }
}

/** Reads a graph with all that is in it. @returns the names that it defines and reads */
function readContent(context: OnnxContext, place: Place, around: Surroundings): ValueNames {
  const { walker, counts } = context
  const { names } = around
  const tensors = new Set<string>()
  const outputs: string[] = []
  counts.graphs += 1
  const give = (name: string): void => names.give(name)
  const giveTensor = (name: string, { from, to }: FieldValue): void => {
    const locus = `tensor ${quoteName(name)}`
    if (tensors.has(name)) context.note('onx-duplicate-tensor', `${locus} stands twice`, { locus, from, to })
    tensors.add(name)
    give(name)
    if (isMain(around)) context.weightUses.initialiser(name)
  }
  const titled = (value: FieldValue): string => (around.path === '' ? '' : `${around.path}${value.from}`)
  const fields = walker.read('GraphProto', place, {
    keep: ['name'],
    on: {
      node: (value) => readNode(context, value, around),
      initializer: (value) => giveTensor(readTensor(context, value, titled(value)), value),
      sparse_initializer: (value) => giveTensor(readSparseTensor(context, value, titled(value)), value),
      input: (value) => give(readValueInfo(context, value)),
      output: (value) => outputs.push(readValueInfo(context, value)),
      value_info: (value) => void readValueInfo(context, value),
    },
  })
  for (const output of outputs) names.use(output)
  if (fields.text('name') === '' && around.level === 0)
    context.note('onx-missing', 'the graph has no name', { locus: 'graph', ...place })
  return names
}

interface NestedGraph {
  readonly place: Place
  readonly title: string
}

/** Reads a graph that an attribute holds; what it does not define itself it reads from the graph around it. */
function readNested(context: OnnxContext, { place, title }: NestedGraph, around: Surroundings): void {
  const level = around.level + 1
  const known = { names: new ValueNames(context.walker.budget), place, title: `graph ${quoteName(title)}` }
  if (level > DEEPEST)
    return context.note('onx-subgraph-depth', `graphs are nested deeper than ${DEEPEST} levels`, {
      locus: title,
      ...place,
    })
  readContent(context, place, { ...around, names: known.names, level, path: `${title}/` })
  checkNames(context, known)
  for (const name of known.names.undefined()) around.names.use(name)
}

function surroundings(context: OnnxContext, scope: OperatorScope, names: ValueNames): Surroundings {
  const readGraph: Surroundings['readGraph'] = (place, within, title) => readNested(context, { place, title }, within)
  return { scope, names, path: '', level: 0, readGraph }
}

/** Reads the graph of the model. */
export function readMainGraph(context: OnnxContext, place: Place): void {
  const known = { names: new ValueNames(context.walker.budget), place, title: 'the graph' }
  readContent(context, place, surroundings(context, context.model, known.names))
  checkNames(context, known)
  checkUndefined(context, known)
}

/** Reads a graph of the training information, which may read any value of the main graph. */
export function readTrainingGraph(context: OnnxContext, place: Place): void {
  const names = new ValueNames(context.walker.budget)
  readContent(context, place, { ...surroundings(context, context.model, names), path: 'training/', level: 1 })
}

/** Reads the import of an operator set. */
export function readOpset(context: OnnxContext, place: Place, scope: OperatorScope): void {
  const fields = context.walker.read('OperatorSetIdProto', place, { keep: ['domain', 'version'] })
  const domain = plainDomain(fields.text('domain'))
  const version = fields.number('version')
  const said = `operator set ${quoteName(domain === '' ? 'ai.onnx' : domain)}`
  const where = { locus: said, ...place }
  if (version < 1 || version > 2 ** 31) context.note('onx-opset', `${said} has the version ${version}`, where)
  const before = scope.opsets.get(domain)
  if (before !== undefined && before !== version)
    context.note('onx-opset', `${said} is imported twice by ${scope.title}, as ${before} and ${version}`, where)
  context.walker.budget.spendItems()
  scope.opsets.set(domain, version)
}

/** Reads a function that the model defines. */
export function readFunction(context: OnnxContext, place: Place): void {
  const { walker, functions } = context
  const scope = makeScope(`a function at ${place.from}`)
  const names = new ValueNames(walker.budget)
  const around: Surroundings = { ...surroundings(context, scope, names), path: `function${functions.size}/` }
  const fields = walker.read('FunctionProto', place, {
    keep: ['name', 'domain', 'overload', 'input', 'output'],
    on: {
      node: (value) => readNode(context, value, around),
      attribute_proto: (value) => void readAttribute(context, value, { around, node: 'defaults' }),
      opset_import: (value) => readOpset(context, value, scope),
      value_info: (value) => void readValueInfo(context, value),
    },
  })
  for (const input of fields.texts('input')) names.give(input)
  for (const output of fields.texts('output')) names.use(output)
  const name = fields.text('name')
  const title = `function ${quoteName(name)}`
  const known = { names, place, title }
  checkNames(context, known)
  checkUndefined(context, known)
  const key = functionKey(fields.text('domain'), name, fields.text('overload'))
  if (name === '') context.note('onx-missing', 'a function has no name', { locus: 'function', ...place })
  if (functions.has(key)) context.note('onx-duplicate-name', `${title} is defined twice`, { locus: title, ...place })
  walker.budget.spendItems()
  functions.set(key, { ...scope, title })
}
