/**
 * What Keras 2 wrote about its layers into a saved model: JSON, in which a Lambda layer carries Python code.
 *
 * The code is a marshalled function that Keras runs when it rebuilds the layer; whatever is in it, it is code.
 */
import { isUtf8 } from 'node:buffer'
import { isFault } from '../../base/index.ts'
import { JsonCursor } from '../json/cursor.ts'
import { quoteName } from '../names.ts'
import type { Range } from '../protobuf/wire.ts'
import type { GraphContext } from './context.ts'

const LONGEST = 16 * 1024 * 1024
/** Values of `class_name` that stand for code; a `function` is only named, and must be there already. */
const CODE: ReadonlySet<string> = new Set(['Lambda', '__lambda__'])

/** Walks a value and hands on each class name with the name of the layer beside it. */
function walkValue(cursor: JsonCursor, see: (className: string) => void): void {
  const kind = cursor.kind()
  if (kind === 'array') return cursor.array(() => walkValue(cursor, see))
  if (kind !== 'object') return cursor.skip()
  cursor.object((key) => {
    if (key === 'class_name' && cursor.kind() === 'string') see(cursor.string())
    else walkValue(cursor, see)
  })
}

function classesIn(context: GraphContext, { from, to }: Range): ReadonlySet<string> | undefined {
  const classes = new Set<string>()
  const bytes = context.walker.source.read(from, to - from).slice()
  if (!isUtf8(bytes)) return undefined
  try {
    const cursor = new JsonCursor(bytes, { budget: context.walker.budget, report: () => {} })
    walkValue(cursor, (name) => classes.add(name))
    cursor.end()
    return classes
  } catch (thrown) {
    if (!isFault(thrown, 'json-syntax')) throw thrown
    return undefined
  }
}

/** Looks through the JSON of a layer. Text that is no JSON, or too long, leaves the file read in part. */
export function checkKerasMetadata(context: GraphContext, text: Range, title: string): void {
  if (text.to === text.from) return
  const classes = text.to - text.from > LONGEST ? undefined : classesIn(context, text)
  if (classes === undefined) return context.facts.leaveUnread(`the Keras metadata of ${quoteName(title)} are no JSON`)
  for (const name of classes) {
    if (!CODE.has(name)) continue
    const locus = `Keras object ${quoteName(title)}`
    context.note('tfg-keras-code', `${locus} holds a ${quoteName(name)}, which is Python code`, { locus, ...text })
  }
}
