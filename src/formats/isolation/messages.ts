/**
 * What the reading process says, and how its words are checked.
 *
 * The process has read hostile bytes, so it may say anything. Only messages of the forms below are taken, their
 * strings must be well formed, their numbers sane, their values shallow; a fact is built anew from the checked parts,
 * so nothing that was not looked at gets through.
 */
import type { BudgetLimits } from '../budget.ts'
import type {
  Anomaly,
  Claim,
  CodeFact,
  FileFacts,
  MetadataFact,
  OpcodeFact,
  PickleProof,
  Reading,
  ReferenceFact,
  TemplateFact,
  TensorFact,
  WeightUse,
} from '../facts.ts'
import { fieldsOf, listOf, oneOf, optional, refuse, size, text, type Fields } from './field-checks.ts'
import { code, template } from './program-messages.ts'
import { checkProof } from './proof-check.ts'

/** What the parent asks for: one file. */
export interface ReadCommand {
  /** Path within the artefact. */
  readonly path: string
  /** Absolute path of the bytes. */
  readonly file: string
  /** Bytes that it must have. */
  readonly size: number
  readonly limits: Partial<BudgetLimits>
  /** When only parts of the file are here: which, as ranges [from, to). */
  readonly pages?: readonly (readonly [from: number, to: number])[]
}

/** The same as it travels: the file is one that the process was given open. */
export interface WireCommand extends Omit<ReadCommand, 'file'> {
  readonly fd: number
}

/** The first message: who is there and what the operating system and the runtime forbid it. */
export interface Hello {
  readonly kind: 'hello'
  readonly readers: readonly { readonly format: string; readonly version: number }[]
  /** True when writing, starting processes and reading foreign files are all denied. */
  readonly confined: boolean
}

/** Facts of the file that is being read. */
export type FactMessage =
  | { readonly kind: 'tensors'; readonly items: readonly TensorFact[] }
  | { readonly kind: 'metadata'; readonly items: readonly MetadataFact[] }
  | { readonly kind: 'references'; readonly items: readonly ReferenceFact[] }
  | { readonly kind: 'claims'; readonly items: readonly Claim[] }
  | { readonly kind: 'anomalies'; readonly items: readonly Anomaly[] }
  | { readonly kind: 'proofs'; readonly items: readonly PickleProof[] }
  | { readonly kind: 'opcodes'; readonly items: readonly OpcodeFact[] }
  | { readonly kind: 'texts'; readonly items: readonly { readonly locus: string; readonly text: string }[] }
  | { readonly kind: 'code'; readonly items: readonly CodeFact[] }
  | { readonly kind: 'templates'; readonly items: readonly TemplateFact[] }
  | { readonly kind: 'weightUses'; readonly items: readonly WeightUse[] }
  | { readonly kind: 'discard' }

/** From here on the facts are those of a file that was found within, until its own `done` with the same path. */
export interface MemberStart {
  readonly kind: 'member'
  readonly path: string
  readonly size: number
}

/** The last message about a file. */
export interface Done {
  readonly kind: 'done'
  /** The member that it is about; absent for the file itself, about which everything has then been said. */
  readonly member?: string
  readonly format: string
  readonly reading: Reading
  readonly reason?: string
  /** Number of opcodes, when the file has any. */
  readonly opcodes?: number
}

/** Instead of the last message: bytes are wanted that are not here. */
export interface Missing {
  readonly kind: 'missing'
  readonly from: number
  readonly to: number
}

/** Every message. */
export type Message = Hello | FactMessage | MemberStart | Missing | Done

const READINGS: readonly string[] = ['full', 'listed', 'recognised', 'unread']
const ROLES: readonly string[] = ['magic', 'header', 'metadata', 'index', 'tensor', 'padding', 'code', 'text', 'opaque']
const REFERENCES: readonly string[] = ['path', 'url', 'repository', 'class', 'code', 'global']
const DEEPEST_VALUE = 8
const MOST_DIMENSIONS = 1024

function plain(value: unknown, depth = 0): unknown {
  if (value === null || typeof value === 'boolean') return value
  if (typeof value === 'string') return text(value)
  if (typeof value === 'number') return Number.isFinite(value) ? value : refuse('a number that is not finite')
  if (depth > DEEPEST_VALUE) return refuse(`a value nested deeper than ${DEEPEST_VALUE}`)
  if (Array.isArray(value)) return value.map((item) => plain(item, depth + 1))
  const entries = Object.entries(fieldsOf(value))
  if (entries.some(([key]) => !/^[a-z][a-zA-Z0-9]{0,40}$/.test(key)))
    return refuse('a value with a key of its own making')
  return Object.fromEntries(entries.map(([key, item]) => [key, plain(item, depth + 1)]))
}

function shape(value: unknown): readonly number[] {
  const sizes = listOf(value)
  return sizes.length <= MOST_DIMENSIONS ? sizes.map(size) : refuse(`${sizes.length} dimensions`)
}

/** A tensor as it travels: name, type, shape, offset, length, and what only some have. */
function tensor(value: unknown, path: string): TensorFact {
  const [name, type, dimensions, offset, length, more = {}] = listOf(value)
  const { file = path, bigEndian, packed } = fieldsOf(more)
  return {
    name: text(name),
    type: text(type),
    shape: shape(dimensions),
    file: text(file),
    offset: size(offset),
    length: size(length),
    ...(bigEndian === true ? { bigEndian } : {}),
    ...optional('packed', packed, text),
  }
}

function weightUse(value: unknown): WeightUse {
  const { tensor: used, name, transposed, scale, zero } = fieldsOf(value)
  const use = { tensor: text(used), name: text(name), transposed: transposed === true }
  return { ...use, ...optional('scale', scale, text), ...optional('zero', zero, text) }
}

function metadata(value: unknown): MetadataFact {
  const fields = fieldsOf(value)
  const fact = { key: text(fields['key']), type: text(fields['type']), value: plain(fields['value']) }
  return { ...fact, ...optional('count', fields['count'], size), ...optional('digest', fields['digest'], text) }
}

function reference(value: unknown): ReferenceFact {
  const fields = fieldsOf(value)
  return { kind: oneOf(fields['kind'], REFERENCES), target: text(fields['target']), locus: text(fields['locus']) }
}

function claim(value: unknown): Claim {
  const fields = fieldsOf(value)
  const fact = { from: size(fields['from']), to: size(fields['to']), role: oneOf<Claim['role']>(fields['role'], ROLES) }
  return { ...fact, ...optional('name', fields['name'], text) }
}

function anomaly(value: unknown): Anomaly {
  const fields = fieldsOf(value)
  const fact = { code: text(fields['code']), message: text(fields['message']), locus: text(fields['locus']) }
  return { ...fact, ...optional('offset', fields['offset'], size), ...optional('length', fields['length'], size) }
}

function opcode(value: unknown): OpcodeFact {
  const fields = fieldsOf(value)
  return {
    offset: size(fields['offset']),
    name: text(fields['name']),
    ...optional('argument', fields['argument'], text),
  }
}

function passage(value: unknown): { readonly locus: string; readonly text: string } {
  const fields = fieldsOf(value)
  return { locus: text(fields['locus']), text: text(fields['text']) }
}

function hello(fields: Fields): Hello {
  const readers = listOf(fields['readers']).map((item) => {
    const reader = fieldsOf(item)
    return { format: text(reader['format']), version: size(reader['version']) }
  })
  return { kind: 'hello', readers, confined: fields['confined'] === true }
}

function done(fields: Fields): Done {
  const said = {
    kind: 'done',
    format: text(fields['format']),
    reading: oneOf<Reading>(fields['reading'], READINGS),
  } as const
  return {
    ...said,
    ...optional('member', fields['member'], text),
    ...optional('reason', fields['reason'], text),
    ...optional('opcodes', fields['opcodes'], size),
  }
}

function missing(fields: Fields): Missing {
  const [from, to] = [size(fields['from']), size(fields['to'])]
  return from < to ? { kind: 'missing', from, to } : refuse('an empty range')
}

function member(fields: Fields, file: string): MemberStart {
  const path = text(fields['path'])
  if (!path.startsWith(`${file}!/`)) return refuse('a member of another file')
  return { kind: 'member', path, size: size(fields['size']) }
}

/** How the items of each kind of message are checked. */
const CHECKS: ReadonlyMap<string, (value: unknown) => unknown> = new Map<string, (value: unknown) => unknown>([
  ['metadata', metadata],
  ['references', reference],
  ['claims', claim],
  ['anomalies', anomaly],
  ['opcodes', opcode],
  ['proofs', checkProof],
  ['texts', passage],
  ['code', code],
  ['templates', template],
  ['weightUses', weightUse],
])

/**
 * Checks one message.
 *
 * @param path path of the file that is being read, which a tensor has unless it says otherwise
 * @throws Fault `bad-message`
 */
export function checkMessage(value: unknown, path: string): Message {
  const fields = fieldsOf(value)
  const { kind } = fields
  if (kind === 'hello') return hello(fields)
  if (kind === 'done') return done(fields)
  if (kind === 'member') return member(fields, path)
  if (kind === 'missing') return missing(fields)
  if (kind === 'discard') return { kind }
  const items = (): readonly unknown[] => listOf(fields['items'])
  if (kind === 'tensors') return { kind, items: items().map((item) => tensor(item, path)) }
  const check = typeof kind === 'string' ? CHECKS.get(kind) : undefined
  if (check !== undefined) return { kind, items: items().map(check) } as Message
  return refuse('a message of no known kind')
}

function packTensor(fact: TensorFact, path: string): readonly unknown[] {
  const { name, type, shape: sizes, file, offset, length, ...more } = fact
  const rest = file === path ? more : { file, ...more }
  return [name, type, sizes, offset, length, ...(Object.keys(rest).length === 0 ? [] : [rest])]
}

/**
 * Messages that carry the facts of a file, before its `done`; tensors travel as tuples.
 *
 * @param path path of the file of the artefact, which tensors of that file need not repeat
 */
export function factMessages(
  facts: Partial<FileFacts>,
  path: string,
): readonly { readonly kind: string; readonly items: readonly unknown[] }[] {
  const tensors = facts.tensors?.map((fact) => packTensor(fact, path))
  const all: readonly (readonly [string, readonly unknown[] | undefined])[] = [
    ['tensors', tensors],
    ['metadata', facts.metadata],
    ['references', facts.references],
    ['claims', facts.claims],
    ['anomalies', facts.anomalies],
    ['opcodes', facts.opcodes?.listed],
    ['proofs', facts.proofs],
    ['texts', facts.texts],
    ['code', facts.code],
    ['templates', facts.templates],
    ['weightUses', facts.weightUses],
  ]
  return all.flatMap(([kind, items]) => (items === undefined || items.length === 0 ? [] : [{ kind, items }]))
}
