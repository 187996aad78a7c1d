/** Operators of Python over constants: numbers and texts. */
import { numberIn, percent } from './text-methods.ts'
import type { Value } from './values.ts'

const LONGEST = 1024 * 1024

const OPERATORS: ReadonlyMap<string, (a: number, b: number) => number> = new Map([
  ['+', (a: number, b: number) => a + b],
  ['-', (a: number, b: number) => a - b],
  ['*', (a: number, b: number) => a * b],
  ['^', (a: number, b: number) => a ^ b],
  ['&', (a: number, b: number) => a & b],
  ['|', (a: number, b: number) => a | b],
  ['%', (a: number, b: number) => ((a % b) + b) % b],
  ['//', (a: number, b: number) => Math.floor(a / b)],
  ['<<', (a: number, b: number) => a << b],
  ['>>', (a: number, b: number) => a >> b],
])

/** What an operator makes of two values; undefined when that is not followed. */
export function operate(left: Value | undefined, operator: string, right: Value | undefined): Value | undefined {
  if (left?.kind === 'text') return operateOnText(left, operator, right)
  if (left?.kind === 'list' && right?.kind === 'list' && operator === '+')
    return { kind: 'list', items: [...left.items, ...right.items].slice(0, 65_536) }
  return calculate(numberIn(left), operator, numberIn(right))
}

function calculate(a: number | undefined, operator: string, b: number | undefined): Value | undefined {
  const number = a === undefined || b === undefined ? undefined : OPERATORS.get(operator)?.(a, b)
  return number === undefined || Number.isNaN(number) ? undefined : { kind: 'number', number }
}

function operateOnText(
  left: Value & { readonly kind: 'text' },
  operator: string,
  right: Value | undefined,
): Value | undefined {
  if (operator === '%') return { ...left, text: percent(left.text, right).slice(0, LONGEST) }
  if (operator === '+' && right?.kind === 'text' && left.text.length + right.text.length <= LONGEST)
    return { ...left, text: left.text + right.text, layers: Math.max(left.layers, right.layers) }
  const times = numberIn(right) ?? 0
  const repeats = operator === '*' && times > 0 && left.text.length * times <= LONGEST
  return repeats ? { ...left, text: left.text.repeat(times) } : undefined
}

/** What a sign before a number makes of it. */
export function negate(sign: string, value: Value | undefined): Value | undefined {
  const number = numberIn(value)
  if (number === undefined) return undefined
  return { kind: 'number', number: sign === '-' ? -number : sign === '~' ? ~number : number }
}
