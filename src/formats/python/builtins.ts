/**
 * What calls of named functions come to, where that is followed: ways to get at a name or a module, and functions over
 * constants. A call of any other name is known by that name: `socket.socket()`.
 */
import type { CallArguments, Evaluator } from './evaluate.ts'
import { canonicalName } from './names.ts'
import { pick } from './picking.ts'
import { callDecoder, fromNumbers, itemsOf, numberIn, textIn } from './text-methods.ts'
import { choiceOf, nameValue, optionsOf, textValue, type Scope, type Value } from './values.ts'

/** One call of a named function. */
export interface NamedCall {
  readonly name: string
  readonly given: CallArguments
  readonly scope: Scope
}

type Behaviour = (evaluator: Evaluator, call: NamedCall) => Value | undefined

const importing: Behaviour = (_, { given }) => {
  const module = textIn(given.placed[0]) ?? textIn(given.named.get('name'))
  return module === undefined ? undefined : nameValue(module.replaceAll(':', '.'))
}

const gettingAttribute: Behaviour = (evaluator, { given }) => {
  const name = textIn(given.placed[1])
  if (name === undefined) {
    const [value] = optionsOf(given.placed[0])
    return value?.kind === 'name' ? nameValue(`${value.name}.*`) : undefined
  }
  return choiceOf([evaluator.attribute(given.placed[0], name), given.placed[2]])
}

/** `attrgetter('system')`: called later, with the object. */
const attributeGetter: Behaviour = (_, { given }) => {
  const name = textIn(given.placed[0])
  return name === undefined
    ? undefined
    : { kind: 'partial', callee: nameValue('operator.attrgetter()'), first: [textValue(name)] }
}

const attributeGot: Behaviour = (evaluator, { given }) => {
  const path = textIn(given.placed[0]) ?? ''
  return path.split('.').reduce<Value | undefined>((value, name) => evaluator.attribute(value, name), given.placed[1])
}

const partial: Behaviour = (_, { given }) => {
  const [callee, ...first] = given.placed
  return callee === undefined ? undefined : { kind: 'partial', callee, first }
}

const tableOf: Behaviour = (_, { given }) => {
  const [value] = optionsOf(given.placed[0])
  if (value === undefined) return nameValue('builtins.globals()')
  return value.kind === 'name' ? nameValue(`${value.name}.__dict__`) : undefined
}

const character: Behaviour = (_, { given }) => {
  const code = numberIn(given.placed[0])
  return code === undefined || code < 0 || code > 0x10ffff ? undefined : textValue(String.fromCodePoint(code), false, 1)
}

const ordinal: Behaviour = (_, { given }) => {
  const code = textIn(given.placed[0])?.codePointAt(0)
  return code === undefined ? undefined : { kind: 'number', number: code }
}

const integer: Behaviour = (_, { given }) => {
  const number = numberIn(given.placed[0])
  if (number !== undefined) return { kind: 'number', number: Math.trunc(number) }
  const parsed = Number.parseInt(textIn(given.placed[0]) ?? '', numberIn(given.placed[1]) ?? 10)
  return Number.isNaN(parsed) ? undefined : { kind: 'number', number: parsed }
}

/** `map(chr, [104, 105])`. */
const mapped: Behaviour = (evaluator, { given, scope }) => {
  const [callee, list] = given.placed
  const items = itemsOf(list)
  const [called] = optionsOf(callee)
  if (called === undefined || items === undefined) return undefined
  return {
    kind: 'list',
    items: items.map((item) => evaluator.called(called, { placed: [item], named: new Map() }, scope)),
  }
}

const reversed: Behaviour = (_, { given }) => {
  const items = itemsOf(given.placed[0])
  return items === undefined ? undefined : { kind: 'list', items: items.toReversed() }
}

const same: Behaviour = (_, { given }) => given.placed[0]

const text: Behaviour = (_, { given }) => {
  const [value] = given.placed
  const number = numberIn(value)
  return number === undefined
    ? value?.kind === 'text'
      ? { ...value, isBytes: false }
      : undefined
    : textValue(String(number))
}

/** What a program is that is compiled: the text stays what it was. */
const compiled: Behaviour = (_, { given }) => (given.placed[0]?.kind === 'text' ? given.placed[0] : undefined)

const BEHAVIOURS: ReadonlyMap<string, Behaviour> = new Map<string, Behaviour>([
  ['builtins.__import__', importing],
  ['importlib.import_module', importing],
  ['importlib.__import__', importing],
  ['pydoc.locate', importing],
  ['pkgutil.resolve_name', importing],
  ['builtins.getattr', gettingAttribute],
  ['builtins.object.__getattribute__', gettingAttribute],
  ['operator.attrgetter', attributeGetter],
  ['operator.attrgetter()', attributeGot],
  ['functools.partial', partial],
  ['builtins.globals', tableOf],
  ['builtins.locals', tableOf],
  ['builtins.vars', tableOf],
  ['builtins.chr', character],
  ['builtins.ord', ordinal],
  ['builtins.int', integer],
  ['builtins.map', mapped],
  ['builtins.reversed', reversed],
  ['builtins.list', same],
  ['builtins.tuple', same],
  ['builtins.str', text],
  ['builtins.compile', compiled],
  ['builtins.bytes', (_, { given }) => fromNumbers(given.placed[0], true)],
  ['builtins.bytearray', (_, { given }) => fromNumbers(given.placed[0], true)],
])

/** What the call of a named function comes to. */
export function callName(evaluator: Evaluator, call: NamedCall): Value | undefined {
  const name = canonicalName(call.name)
  const behaviour = BEHAVIOURS.get(name) ?? tableBehaviour(name)
  if (behaviour !== undefined) return behaviour(evaluator, { ...call, name })
  if (/^builtins\.(?:str|bytes|bytearray)\./.test(name) && !name.endsWith('.fromhex'))
    return unboundMethod(evaluator, call)
  return callDecoder(name.replace(/^builtins\./, ''), call.given.placed) ?? nameValue(`${name}()`)
}

/** `os.__getattribute__('system')`, `sys.modules.get('os')`, `__loader__.load_module('os')`. */
function tableBehaviour(name: string): Behaviour | undefined {
  const at = name.lastIndexOf('.')
  const [owner, method] = [name.slice(0, at), name.slice(at + 1)]
  if (method === '__getattribute__' || method === '__getattr__')
    return (evaluator, { given }) => {
      const attribute = textIn(given.placed[0])
      return attribute === undefined ? nameValue(`${owner}.*`) : evaluator.attribute(nameValue(owner), attribute)
    }
  if (method === 'load_module') return importing
  const isTable = owner === 'sys.modules' || owner === 'builtins.globals()' || owner.endsWith('.__dict__')
  if (!isTable || !['get', 'pop', '__getitem__', 'setdefault'].includes(method)) return undefined
  return (_, { given, scope }) => pick(nameValue(owner), given.placed[0], scope)
}

/** `str.join('', list)`. */
function unboundMethod(evaluator: Evaluator, { name, given, scope }: NamedCall): Value | undefined {
  const [receiver, ...placed] = given.placed
  if (receiver?.kind !== 'text') return undefined
  const method = name.slice(name.lastIndexOf('.') + 1)
  return evaluator.called({ kind: 'bound', receiver, method }, { ...given, placed }, scope)
}
