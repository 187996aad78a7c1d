/**
 * Nodes of TensorFlow graphs: what operator, on what, calling which functions, with what in their attributes.
 */
import { Fault } from '../../base/index.ts'
import { quoteName } from '../names.ts'
import { readLoosely } from '../protobuf/fields.ts'
import type { FieldValue, Place } from '../protobuf/walker.ts'
import { MOST_NODES, type GraphContext, type GraphScope } from './context.ts'
import { dangerOf, dangerOfAttribute, type Danger } from './danger.ts'
import { readTensor, type TakeText } from './tensors.ts'

const MOST_OPERATORS = 100_000
const LONGEST_PATH = 1024
const LIBRARY = /^[^\s<>|]{1,1024}\.(?:so(?:\.[\d.]+)?|dll|dylib|pyd)$/i
const CODES = { file: 'tfg-file', python: 'tfg-python', network: 'tfg-network' } as const
const SAYS: Readonly<Record<Danger, string>> = {
  file: 'which reads, writes, lists or deletes files',
  python: 'which calls Python',
  network: 'which opens connections or sends out what it sees',
}

/** Where a node stands, and how a graph within one of its values is read. */
export interface Surroundings {
  readonly scope: GraphScope
  readonly takeGraph: (text: Parameters<TakeText>[0], title: string) => void
}

interface Attribute {
  readonly name: string
  readonly text: string
}

interface Node {
  readonly name: string
  readonly operator: string
  readonly place: Place
  readonly texts: readonly Attribute[]
}

function noteDanger(context: GraphContext, danger: Danger, { scope, node, what = '' }: Found): void {
  const locus = `node ${quoteName(node.name)}`
  const message = `${locus} of ${scope.title} is ${quoteName(node.operator)}${what}, ${SAYS[danger]}`
  context.note(CODES[danger], message, { locus, ...node.place })
  if (scope.kind !== 'graph' && danger !== 'network')
    context.note('tfg-hidden', message, { locus: `${scope.title}, ${locus}`, ...node.place })
}

interface Found {
  readonly scope: GraphScope
  readonly node: Node
  readonly what?: string
}

function checkDanger(context: GraphContext, scope: GraphScope, node: Node): void {
  const { operator, texts, place } = node
  const danger = dangerOf(operator)
  if (danger !== undefined) noteDanger(context, danger, { scope, node })
  for (const { name, text } of texts) {
    const found = dangerOfAttribute(operator, name, text)
    if (found !== undefined) noteDanger(context, found, { scope, node, what: ` with ${name} ${quoteName(text)}` })
    const locus = `node ${quoteName(node.name)}`
    if (text.length < LONGEST_PATH && LIBRARY.test(text))
      context.note('tfg-library', `${locus} of ${scope.title} names the library ${quoteName(text)}`, {
        locus,
        ...place,
      })
  }
}

function addUse(context: GraphContext, operator: string, node: Node): void {
  const known = context.uses.get(operator)
  if (known !== undefined) known.count += 1
  else if (context.uses.size >= MOST_OPERATORS)
    throw new Fault('budget-items', `more than ${MOST_OPERATORS} different operators`)
  else {
    const { from, to } = node.place
    context.uses.set(operator, { locus: `node ${quoteName(node.name)}`, from, to, count: 1 })
  }
}

/** Reads the value of an attribute. @returns the functions that it names, and its text */
function readValue(context: GraphContext, place: Place, { around, title }: Titled): AttributeValue {
  const { walker } = context
  const calls: string[] = []
  let text = ''
  const takeText: TakeText = (value) => around.takeGraph(value, title)
  const takeFunction = (value: FieldValue): void => {
    const fields = walker.read('NameAttrList', value, {
      keep: ['name'],
      on: { attr: (entry) => calls.push(...readAttribute(context, entry, { around, title }).calls) },
    })
    calls.push(fields.text('name'))
  }
  const on = {
    s: (value: FieldValue): void => {
      if (value.to - value.from <= LONGEST_PATH) text = readLoosely(walker, value)
      takeText(value)
    },
    tensor: (value: FieldValue) => readTensor(context, value, { name: around.scope.prefix + title, takeText }),
    func: takeFunction,
  }
  walker.read('AttrValue', place, {
    on: { ...on, list: (value) => void walker.read('AttrValue.ListValue', value, { on }) },
  })
  return { calls, text }
}

interface Titled {
  readonly around: Surroundings
  /** Name of the node. */
  readonly title: string
}

interface AttributeValue {
  readonly calls: readonly string[]
  readonly text: string
}

/** Reads an entry of a map of attributes. */
export function readAttribute(context: GraphContext, place: Place, titled: Titled): AttributeValue & Attribute {
  const values: AttributeValue[] = []
  const fields = context.walker.read('NodeDef.AttrEntry', place, {
    keep: ['key'],
    on: { value: (value) => values.push(readValue(context, value, titled)) },
  })
  const calls = values.flatMap((value) => value.calls)
  return { name: fields.text('key'), calls, text: values.at(-1)?.text ?? '' }
}

function readAttributes(
  context: GraphContext,
  values: readonly FieldValue[],
  titled: Titled,
): readonly (AttributeValue & Attribute)[] {
  const keys = new Set<string>()
  return values.map((value) => {
    const attribute = readAttribute(context, value, titled)
    if (keys.has(attribute.name))
      context.walker.note('pb-duplicate-key', `attribute ${quoteName(attribute.name)} stands twice`, value)
    keys.add(attribute.name)
    return attribute
  })
}

/** Reads a node. */
export function readNode(context: GraphContext, place: Place, around: Surroundings): void {
  const { walker, counts } = context
  const { scope } = around
  const values: FieldValue[] = []
  counts.nodes += 1
  walker.budget.spendItems()
  const fields = walker.read('NodeDef', place, {
    keep: ['name', 'op', 'input'],
    on: { attr: (value) => values.push(value) },
  })
  const name = fields.text('name')
  const operator = fields.text('op')
  const attributes = readAttributes(context, values, { around, title: name })
  const node = { name, operator, place, texts: attributes.filter(({ text }) => text !== '') }
  checkDanger(context, scope, node)
  addUse(context, operator, node)
  if (scope.kind === 'nested' || counts.nodes > MOST_NODES) return
  scope.nodes.set(name, { operator, inputs: fields.texts('input'), calls: attributes.flatMap(({ calls }) => calls) })
}
