/**
 * Walks the schema of a skops model, node by node.
 *
 * Guarantee: nothing is built of the schema but one node at a time; every object that says how it is to be loaded is
 * visited, wherever it stands; its parts before itself.
 */
import type { JsonCursor } from '../json/cursor.ts'
import type { SkopsNode } from './judge-node.ts'

/** What is kept of an object while its parent is read. */
interface Seen {
  loader?: string
  module?: string
  name?: string
  method?: string
  /** A file of the archive that the node reads. */
  file?: string
  content?: Seen
  owner?: Seen
}

/** Called with each node, its place in the schema and the file that it reads. */
export type VisitNode = (node: SkopsNode, pointer: string, file: string | undefined) => void

const TEXT_FIELDS: ReadonlyMap<string, 'loader' | 'module' | 'name' | 'method' | 'file'> = new Map([
  ['__loader__', 'loader'],
  ['__module__', 'module'],
  ['__class__', 'name'],
  ['func', 'method'],
  ['file', 'file'],
])

/** Walks the value under the cursor. @throws Fault `json-syntax`, `budget-…` */
export function walkSchema(cursor: JsonCursor, visit: VisitNode, pointer = ''): Seen | undefined {
  const kind = cursor.kind()
  if (kind === 'object') return walkObject(cursor, visit, pointer)
  if (kind === 'array') cursor.array((index) => walkSchema(cursor, visit, `${pointer}/${index}`))
  else cursor.skip()
  return undefined
}

function walkObject(cursor: JsonCursor, visit: VisitNode, pointer: string): Seen {
  const seen: Seen = {}
  cursor.object((key) => {
    const field = TEXT_FIELDS.get(key)
    if (field !== undefined && cursor.kind() === 'string') {
      seen[field] = cursor.string()
      return
    }
    const inner = walkSchema(cursor, visit, `${pointer}/${key.slice(0, 64)}`)
    if (key === 'content' && inner !== undefined) seen.content = inner
    if (key === 'obj' && inner !== undefined) seen.owner = inner
  })
  if (seen.loader !== undefined) visit(toNode(seen), pointer, seen.file)
  return seen
}

function toNode({ loader = '', module = '', name = '', content }: Seen): SkopsNode {
  const owner = content?.owner
  return {
    loader,
    module,
    name,
    method: content?.method,
    owner: owner === undefined ? undefined : { module: owner.module ?? '', name: owner.name ?? '' },
  }
}
