/**
 * GraphDef, its library of functions, and graphs within values.
 */
import { quoteName } from '../names.ts'
import type { FieldValue, Place } from '../protobuf/walker.ts'
import type { GraphContext, GraphScope } from './context.ts'
import { holdsGraph } from './nested.ts'
import { readAttribute, readNode, type Surroundings } from './nodes.ts'
import type { TakeText } from './tensors.ts'

/** Graphs within values within graphs; deeper ones are left unread. */
const DEEPEST = 8

/** A scope without nodes. */
export function makeScope(kind: GraphScope['kind'], title: string, more: Partial<GraphScope> = {}): GraphScope {
  return { kind, title, nodes: new Map(), prefix: '', level: 0, ...more }
}

function readWithin(context: GraphContext, text: Parameters<TakeText>[0], { scope, title }: Holder): void {
  if (!holdsGraph(context.walker.cursor, text)) return
  const level = scope.level + 1
  if (level > DEEPEST) return context.facts.leaveUnread(`graphs within values deeper than ${DEEPEST} levels`)
  const prefix = `${scope.prefix}${title}/`
  const within = makeScope('nested', `a graph within ${quoteName(title)} of ${scope.title}`, { prefix, level })
  readGraph(context, { ...text, depth: text.depth + 1 }, within)
}

interface Holder {
  readonly scope: GraphScope
  readonly title: string
}

function surroundings(context: GraphContext, scope: GraphScope): Surroundings {
  return { scope, takeGraph: (text, title) => readWithin(context, text, { scope, title }) }
}

function readFunction(context: GraphContext, place: Place, level: number): void {
  const { walker, functions } = context
  const parts: FieldValue[] = []
  const take = (value: FieldValue): void => void parts.push(value)
  let name = ''
  walker.read('FunctionDef', place, {
    on: {
      signature: (value) => {
        name = walker.read('OpDef', value, { keep: ['name'] }).text('name')
      },
      node_def: take,
      attr: take,
    },
  })
  const scope = makeScope('function', `function ${quoteName(name)}`, { prefix: `${name}/`, level })
  const around = surroundings(context, scope)
  for (const part of parts) {
    if (part.type.name === 'attr') readAttribute(context, part, { around, title: name })
    else readNode(context, part, around)
  }
  if (functions.has(name))
    walker.note('pb-duplicate-key', `function ${quoteName(name)} is defined twice`, { at: place.from, to: place.to })
  walker.budget.spendItems()
  functions.set(name, scope)
}

function readLibrary(context: GraphContext, place: Place, level: number): void {
  const { walker, own } = context
  walker.read('FunctionDefLibrary', place, {
    on: {
      function: (value) => readFunction(context, value, level),
      registered_gradients: (value) => {
        const fields = walker.read('RegisteredGradient', value, { keep: ['registered_op_type'] })
        own.add(fields.text('registered_op_type'))
      },
    },
  })
}

/** Reads a GraphDef. */
export function readGraph(context: GraphContext, place: Place, scope: GraphScope): void {
  const around = surroundings(context, scope)
  context.walker.read('GraphDef', place, {
    on: {
      node: (value) => readNode(context, value, around),
      library: (value) => readLibrary(context, value, scope.level),
    },
  })
}
