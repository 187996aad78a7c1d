/**
 * The checker's calls: every global by its signature, every call by the schema of its position.
 */
import type { Signature } from '../policy/signature.ts'
import { isScripted, SCRIPTED_TYPE } from '../policy/torchscript.ts'
import type { PickleUse } from '../proof.ts'
import { Refusal } from './refusal.ts'
import { meets, type Listing, type Schema } from './schemas.ts'
import {
  checkArrayState,
  checkBuffer,
  checkDistribution,
  checkScalar,
  checkTensor,
  dtypeOf,
  dtypeWithState,
  instance,
  sizesOf,
} from './semantics.ts'
import { pathOf, type Instance, type Value } from './values.ts'

type Position = PickleUse['position']
type Global = Extract<Value, { is: 'global' }>

/** What may be done with a global that no policy lists. */
const UNLISTED: Partial<Signature> = {}

function latin1Length(value: Value | undefined): number {
  if (value?.is !== 'text' || !/^[\0-\xff]*$/.test(value.text)) throw new Refusal('a text that is not of Latin-1')
  return value.text.length
}

/** See the module. */
export class Calls implements Listing {
  readonly #signatures: ReadonlyMap<string, Signature>
  readonly #scripted: boolean
  readonly #uses = new Map<string, PickleUse>()
  readonly schemas = new Map<string, Schema>()

  /** @param scripted whether names below `__torch__` are types of the archive's own TorchScript */
  constructor(signatures: ReadonlyMap<string, Signature>, scripted: boolean) {
    this.#signatures = signatures
    this.#scripted = scripted
  }

  /** The signature of a global, or of the class of an instance. */
  signature({ module, name }: Pick<Global, 'module' | 'name'>): Partial<Signature> {
    if (this.#scripted && isScripted(module)) return SCRIPTED_TYPE
    return this.#signatures.get(`${module} ${name}`) ?? UNLISTED
  }

  #use({ module, name }: Global | Instance, position: Position, schema: string): void {
    const key = `${module} ${name} ${position}`
    const count = (this.#uses.get(key)?.count ?? 0) + 1
    this.#uses.set(key, { module, name, position, schema, count })
  }

  /** All uses so far. */
  uses(): readonly PickleUse[] {
    return [...this.#uses.values()]
  }

  /** Names a global. @throws Refusal when no policy lists it */
  name(module: string, name: string): Global {
    const global = { is: 'global', module, name } as const
    if (this.signature(global) === UNLISTED) throw new Refusal(`no policy lists ${module}.${name}`)
    this.#use(global, 'value', '')
    return global
  }

  /** Whether a value can be a key. */
  isHashable(value: Value): boolean {
    switch (value.is) {
      case 'list':
      case 'dict':
      case 'set':
      case 'bytearray':
        return false
      case 'tuple':
        return value.items.every((item) => this.isHashable(item))
      case 'instance':
        return this.signature(value).hashable === true
      default:
        return true
    }
  }

  /** What a call gives. @throws Refusal when it is outside the signature */
  call(position: Position, callee: Value | undefined, args: Value | undefined): Value {
    if (callee?.is !== 'global' || args?.is !== 'tuple') throw new Refusal(`${position} of no global or with no tuple`)
    const signature = this.signature(callee)
    const schema = position === 'REDUCE' ? signature.reduce : signature.newobj
    if (schema === undefined || !meets(schema, args, this))
      throw new Refusal(`${position} of ${pathOf(callee)} is outside its signature`)
    this.#use(callee, position, schema)
    this.#check(signature, args.items)
    return this.#result(callee, signature, args.items)
  }

  #check({ check }: Partial<Signature>, args: readonly Value[]): void {
    if (check === 'scalar') checkScalar(args)
    if (check === 'frombuffer') checkBuffer(args)
    if (check === 'tensor') checkTensor(args)
    if (check === 'rebuild') this.call('REDUCE', args[0], args[2])
  }

  #result(callee: Global, { result, check }: Partial<Signature>, args: readonly Value[]): Value {
    if (result === 'bytes') return { is: 'bytes', length: 0 }
    if (result === 'latin1') return { is: 'bytes', length: latin1Length(args[0]) }
    const made = this.#made(callee, result, args)
    if (check === 'dtype') made.dtype = dtypeOf(args)
    if (pathOf(callee) === 'torch.Size') made.sizes = sizesOf(args[0])
    return made
  }

  /** A fresh instance of what the signature says. */
  #made(callee: Global, result: string | undefined, [first]: readonly Value[]): Instance {
    if (result === undefined) return instance(callee.module, callee.name)
    const dot = result.lastIndexOf('.')
    if (result !== '#0') return instance(result.slice(0, dot), result.slice(dot + 1))
    if (first?.is !== 'global') throw new Refusal('a result of no class')
    return instance(first.module, first.name)
  }

  /** Gives a state; true when bytes of an array follow. @throws Refusal when it is outside the signature */
  build(target: Instance, state: Value): boolean {
    const signature = this.signature(target)
    const schema = signature.state
    if (schema === undefined || !meets(schema, state, this))
      throw new Refusal(`the state of ${pathOf(target)} is outside its signature`)
    this.#use(target, 'BUILD', schema)
    target.built = true
    if (signature.stateCheck === 'distribution') checkDistribution(state)
    if (signature.stateCheck === 'array') checkArrayState(state)
    if (signature.stateCheck === 'dtype') target.dtype = dtypeWithState(target, state)
    return signature.stateCheck === 'joblib'
  }

  /** The array that joblib puts in the place of its wrapper. */
  array(): Instance {
    return instance('numpy', 'ndarray')
  }
}
