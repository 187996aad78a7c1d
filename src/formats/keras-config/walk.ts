/**
 * The walk over a Keras configuration: every object in it, however deep, and every path that it names.
 *
 * Wrappers, nested models, compilation, initialisers, functions in arguments: all of them are objects of one form, a
 * class name beside a configuration, and all of them are looked at. What an object says of itself is judged when it has
 * ended, so that the order of its keys hides nothing.
 *
 * Guarantee: one pass; what is kept of an object are the few members that decide.
 */
import type { JsonCursor } from '../json/cursor.ts'
import { pointerStep } from '../json/flatten.ts'
import { quoteName } from '../names.ts'
import type { KerasAnomaly } from './anomalies.ts'
import { describeBytecode } from './bytecode.ts'
import { describeObject, judgeObject, type ObjectNames, type Objection } from './judge.ts'
import { isLeadingOut, isPathKey } from './paths.ts'
import type { Taken } from './taken.ts'
import { OPERATION_LAYERS, REACHING_OPERATION } from './vocabulary.ts'

/** Members that decide what an object is; the others are walked and forgotten. */
const DECISIVE: ReadonlySet<string> = new Set([
  'class_name',
  'module',
  'registered_name',
  'spec_name',
  'config',
  'code',
  'function',
  'node_def',
  'symbol',
  'cls_symbol',
  'method_name',
])
const OPERATIONS = ['function', 'node_def', 'symbol', 'cls_symbol', 'method_name']

/** Takes what the walk finds. */
export interface ConfigSink {
  note(code: KerasAnomaly, message: string, pointer: string): void
  /** Every object that is no part of a model. */
  oddObject(name: string, pointer: string): void
}

type Members = ReadonlyMap<string, Taken>

/** See the module. */
export class ConfigWalk {
  readonly #cursor: JsonCursor
  readonly #sink: ConfigSink

  constructor(cursor: JsonCursor, sink: ConfigSink) {
    this.#cursor = cursor
    this.#sink = sink
  }

  /** Takes the next value. @param pointer where it stands @param key the object key above it */
  take(pointer: string, key = ''): Taken {
    const kind = this.#cursor.kind()
    if (kind === 'object') return this.#object(pointer)
    if (kind === 'array') return this.#array(pointer)
    if (kind !== 'string') {
      this.#cursor.skip()
      return {}
    }
    const text = this.#cursor.string()
    if (isPathKey(key) && isLeadingOut(text))
      this.#sink.note('krs-path', `${quoteName(key)} is ${quoteName(text)}`, pointer)
    return { text }
  }

  /** Of a list the first item is kept: older Lambda layers have their code there. */
  #array(pointer: string): Taken {
    let first: Taken = {}
    this.#cursor.array((index) => {
      const item = this.take(pointer + pointerStep(index))
      if (index === 0) first = item
    })
    return { text: first.text }
  }

  #object(pointer: string): Taken {
    const members = new Map<string, Taken>()
    this.#cursor.object((key) => {
      const taken = this.take(pointer + pointerStep(key), key)
      if (DECISIVE.has(key)) members.set(key, taken)
    })
    const names = namesOf(members)
    if (names !== undefined) this.#lookAt(members, names, pointer)
    return { members }
  }

  #lookAt(members: Members, names: ObjectNames, pointer: string): void {
    const objection = judgeObject(names) ?? judgeOperation(members, names)
    if (objection === undefined) return
    this.#sink.oddObject(describeObject(names), pointer)
    const code = objection.code === 'krs-lambda' ? describeBytecode(members.get('config')) : ''
    this.#sink.note(objection.code, `${objection.message}${code}`, pointer)
  }
}

/** The names of an object, or undefined for a map that is none. */
function namesOf(members: Members): ObjectNames | undefined {
  const textAt = (key: string): string | undefined => members.get(key)?.text
  const className = textAt('class_name')
  if (className === undefined) return undefined
  return {
    module: textAt('module'),
    className: (className === '__typespec__' ? textAt('spec_name') : undefined) ?? className,
    registered: textAt('registered_name'),
    functionName: className === 'function' ? textAt('config') : undefined,
  }
}

/** A layer that runs an operation of TensorFlow by its name. */
function judgeOperation(members: Members, { className }: ObjectNames): Objection | undefined {
  if (!OPERATION_LAYERS.has(className)) return undefined
  const config = members.get('config')?.members
  const named = OPERATIONS.map((key) => config?.get(key)?.text ?? '')
  const reaching = named.find((name) => REACHING_OPERATION.test(name))
  if (reaching === undefined) return undefined
  return { code: 'krs-tool', message: `${quoteName(className)} runs the operation ${quoteName(reaching)}` }
}
