/**
 * Opcodes that name something outside the stream: globals, extensions, persistent ids, buffers.
 */
import { quoteName } from '../../names.ts'
import { isPlainName } from '../global-names.ts'
import type { OpcodeName } from '../opcodes.ts'
import { readUnsigned, type Handler } from './atoms.ts'
import type { NamedGlobal } from './global-table.ts'
import type { Machine } from './machine.ts'
import { takePersistentId } from './persistent.ts'
import { textAt } from './texts.ts'
import { GLOBAL, kindOf, STR, TOP, withDetail } from './values.ts'

const LONGEST_NAME = 256
const lenient = new TextDecoder('utf-8', { ignoreBOM: true })

function noteWhatIsWrong(m: Machine, global: NamedGlobal): void {
  const { module, name, target, danger, rights } = global
  if (!isPlainName(module) || !isPlainName(name)) m.misform('pkl-global-name', `${quoteName(target)} is no plain name`)
  if (module === '__main__') m.note('pkl-main', `${quoteName(target)} must be defined by whoever loads this`)
  if (danger !== undefined && rights === undefined)
    m.note(danger.code, `refers to ${quoteName(target)}: it ${danger.why}`)
  if (rights === undefined) m.distrust(quoteName(target), 'no policy lists this global')
}

/** Names a global and gives its number, or undefined when there are too many. */
export function nameGlobal(m: Machine, module: string, name: string): number | undefined {
  const number = m.globals.intern(module, name)
  if (number < 0) {
    noteWhatIsWrong(m, m.globals.describe(module, name))
    m.fail('the names', 'more globals are named than are told apart')
    return undefined
  }
  const global = m.globals.at(number)
  if (global.op < 0) global.op = m.count
  noteWhatIsWrong(m, global)
  m.use(number, 'value')
  return number
}

function pushGlobal(m: Machine, module: string, name: string): void {
  const number = nameGlobal(m, module, name)
  if (number === undefined) m.push(TOP, 0)
  else m.push(withDetail(GLOBAL, number), 0)
}

/** Reads the two lines of GLOBAL and INST. */
export function readLines(m: Machine): readonly [module: string, name: string] {
  const from = m.position
  const middle = m.passLine()
  const end = m.passLine()
  const line = (start: number, stop: number): string =>
    lenient.decode(m.read(start, Math.min(stop - start, 4 * LONGEST_NAME)))
  return [line(from, middle), line(middle + 1, end)]
}

function stackGlobal(m: Machine): void {
  if (!m.has(2)) return m.replaceByUnknown(2)
  const top = m.stack.length - 1
  const constants = kindOf(m.stack.kind(top)) === STR && kindOf(m.stack.kind(top - 1)) === STR
  const module = constants ? textAt(m, m.stack.load(top - 1), LONGEST_NAME) : undefined
  const name = constants ? textAt(m, m.stack.load(top), LONGEST_NAME) : undefined
  const isDirect = m.direct === 2 && m.stack.kind(top) === STR && m.stack.kind(top - 1) === STR
  m.stack.length = top - 1
  if (!isDirect || module === undefined || name === undefined)
    m.misform('pkl-indirect-global', `the name of the global at ${m.offset} is computed`)
  if (module === undefined || name === undefined) m.push(TOP, 0)
  else pushGlobal(m, module, name)
}

function extension(width: number): Handler {
  return (m) => {
    const value = readUnsigned(m, width)
    m.misform('pkl-extension', `${m.name} at ${m.offset} refers to code ${value}`)
    m.push(TOP, 0)
  }
}

function buffer(m: Machine): void {
  m.misform('pkl-buffer', `an out-of-band buffer is taken at ${m.offset}`)
  m.push(TOP, 0)
}

/** Handlers by the name of the opcode. */
export const NAMING: readonly (readonly [OpcodeName, Handler])[] = [
  ['GLOBAL', (m) => pushGlobal(m, ...readLines(m))],
  ['STACK_GLOBAL', stackGlobal],
  ['EXT1', extension(1)],
  ['EXT2', extension(2)],
  ['EXT4', extension(4)],
  ['NEXT_BUFFER', buffer],
  [
    'READONLY_BUFFER',
    (m) => {
      m.replaceByUnknown(1)
      m.misform('pkl-buffer', `an out-of-band buffer is made read-only at ${m.offset}`)
    },
  ],
  [
    'PERSID',
    (m) => {
      m.passLine()
      takePersistentId(m, TOP, 0)
    },
  ],
  [
    'BINPERSID',
    (m) => {
      if (!m.has(1)) return m.replaceByUnknown(1)
      const top = m.stack.length - 1
      const [kind, load] = [m.stack.kind(top), m.stack.load(top)]
      m.stack.length = top
      takePersistentId(m, kind, load)
    },
  ],
]
