/**
 * What methods and functions of Python make of constant texts and lists.
 *
 * Guarantee: nothing grows beyond {@link LONGEST} characters.
 */
import { decode, isDecoder, LONGEST, rot13 } from './decoders.ts'
import { textValue, type Value } from './values.ts'

type Text = Value & { readonly kind: 'text' }
type Arguments = readonly (Value | undefined)[]

/** The text of a value, when it is one. */
export function textIn(value: Value | undefined): string | undefined {
  return value?.kind === 'text' ? value.text : undefined
}

/** The number of a value, when it is one. */
export function numberIn(value: Value | undefined): number | undefined {
  return value?.kind === 'number' ? value.number : undefined
}

/** The items of a list, of a text its characters. */
export function itemsOf(value: Value | undefined): readonly (Value | undefined)[] | undefined {
  if (value?.kind === 'list') return value.items
  if (value?.kind !== 'text' || value.text.length > LONGEST / 16) return undefined
  const { text, isBytes, layers } = value
  if (isBytes) return text.split('').map((one) => ({ kind: 'number', number: one.charCodeAt(0) }))
  return text.split('').map((one) => textValue(one, false, layers))
}

/** Numbers as the bytes, or the characters, that they stand for. */
export function fromNumbers(value: Value | undefined, isBytes: boolean): Value | undefined {
  if (value?.kind === 'text') return { ...value, isBytes }
  const numbers = itemsOf(value)?.map(numberIn)
  if (numbers === undefined || numbers.length === 0 || numbers.includes(undefined)) return undefined
  const codes = (numbers as readonly number[]).filter((code) => code >= 0 && code <= 0x10ffff)
  return textValue(codes.map((code) => String.fromCodePoint(isBytes ? code & 0xff : code)).join(''), isBytes, 1)
}

function joined(between: Text, list: Value | undefined): Value | undefined {
  const items = itemsOf(list)
  if (items === undefined || items.length === 0) return undefined
  const texts = items.map(textIn)
  if (texts.includes(undefined)) return undefined
  const layers = Math.max(
    between.layers,
    ...items.slice(0, 64).map((item) => (item?.kind === 'text' ? item.layers : 0)),
  )
  return bounded(texts.join(between.text), between.isBytes, layers)
}

function bounded(text: string, isBytes: boolean, layers: number): Value | undefined {
  return text.length > LONGEST ? undefined : textValue(text, isBytes, layers)
}

/** `'{}{}'.format('a', 'b')`; fields with a name or a form are left as they are. */
function formatted(text: string, given: Arguments): string {
  let next = 0
  return text.replaceAll(/\{(\d{0,3})\}/g, (field, place: string) => {
    const value = given[place === '' ? next++ : Number(place)]
    return textIn(value) ?? numberIn(value)?.toString() ?? field
  })
}

/** `'%s%c' % ('a', 98)`. */
export function percent(text: string, operand: Value | undefined): string {
  const given = operand?.kind === 'list' ? operand.items : [operand]
  let next = 0
  return text.replaceAll(/%[sdci]/g, (field) => {
    const value = given[next++]
    const number = numberIn(value)
    if (number !== undefined && field === '%c') return String.fromCodePoint(Math.min(0x10ffff, Math.max(0, number)))
    return textIn(value) ?? number?.toString() ?? field
  })
}

function decoded(value: Text, codec: string): Value | undefined {
  const name = codec
    .toLowerCase()
    .replace(/[_-]?codec$/, '')
    .replaceAll(/[_-]/g, '')
  if (name === 'rot13') return textValue(rot13(value.text), false, value.layers + 1)
  if (name === 'base64' || name === 'hex' || name === 'zlib' || name === 'zip') {
    const text = decode(`codecs.${name === 'zip' ? 'zlib' : name}`, value.text)
    return text === undefined ? undefined : textValue(text, true, value.layers + 1)
  }
  if (/^utf(?:8|8sig)?$/.test(name))
    return { ...value, text: Buffer.from(value.text, 'latin1').toString('utf8'), isBytes: false }
  return { ...value, isBytes: false }
}

const CASES: ReadonlyMap<string, (text: string) => string> = new Map([
  ['lower', (text: string) => text.toLowerCase()],
  ['upper', (text: string) => text.toUpperCase()],
  ['swapcase', swapCase],
  ['strip', (text: string) => text.trim()],
  ['lstrip', (text: string) => text.trimStart()],
  ['rstrip', (text: string) => text.trimEnd()],
])

function swapCase(text: string): string {
  return text.replaceAll(/[a-zA-Z]/g, (letter) =>
    letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase(),
  )
}

function replaced(value: Text, given: Arguments): Value | undefined {
  const [from, to] = given.map(textIn)
  if (from === undefined || to === undefined || from === '') return undefined
  return bounded(
    value.text.replaceAll(from, () => to),
    value.isBytes,
    value.layers,
  )
}

function split(value: Text, given: Arguments): Value {
  const between = textIn(given[0])
  const parts = between === undefined || between === '' ? value.text.split(/\s+/) : value.text.split(between)
  return { kind: 'list', items: parts.slice(0, 65_536).map((part) => ({ ...value, text: part })) }
}

/** What a method of a constant text comes to. */
export function callTextMethod(value: Text, method: string, given: Arguments): Value | undefined {
  const change = CASES.get(method)
  if (change !== undefined) return { ...value, text: change(value.text) }
  if (method === 'join') return joined(value, given[0])
  if (method === 'decode') return decoded(value, textIn(given[0]) ?? 'utf8')
  if (method === 'replace') return replaced(value, given)
  if (method === 'split') return split(value, given)
  if (method === 'format') return bounded(formatted(value.text, given), value.isBytes, value.layers)
  if (method !== 'encode') return undefined
  const codec = textIn(given[0]) ?? 'utf8'
  if (!/^(?:utf[-_]?8|ascii|latin[-_]?1)$/i.test(codec)) return decoded(value, codec)
  return { ...value, text: Buffer.from(value.text, 'utf8').toString('latin1'), isBytes: true }
}

/** What a function that unpacks makes of a constant; undefined when it does not unpack. */
export function callDecoder(name: string, given: Arguments): Value | undefined {
  const [first, second] = given
  if (first?.kind !== 'text') return undefined
  if (name === 'codecs.decode' || name === 'codecs.encode') return decoded(first, textIn(second) ?? 'utf8')
  if (name === 'codecs.getdecoder') return undefined
  if (!isDecoder(name)) return undefined
  const text = decode(name, first.text)
  return text === undefined ? undefined : textValue(text, true, first.layers + 1)
}
