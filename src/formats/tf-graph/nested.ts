/**
 * Bytes that hold a graph: a text value that parses as a GraphDef.
 *
 * Datasets carry their pipelines that way (`DatasetFromGraph`), and an operator that is to be hidden from whoever looks
 * at the nodes of a model can be put there.
 */
import { isFault } from '../../base/index.ts'
import type { PageReader } from '../page-reader.ts'
import { LENGTH, readField, VARINT, type Range } from '../protobuf/wire.ts'

/** The shortest GraphDef with a node: a tag and a length for graph, node, name and operator. */
const SHORTEST = 8
const OPERATOR = /^[A-Z_][\w>]*$/
const GRAPH_FIELDS: ReadonlyMap<number, number> = new Map([
  [1, LENGTH],
  [2, LENGTH],
  [3, VARINT],
  [4, LENGTH],
  [5, LENGTH],
])

function textAt(cursor: PageReader, { from, to }: Range): string {
  cursor.seek(from)
  return Buffer.from(cursor.view(Math.min(256, to - from))).toString('latin1')
}

/** True when a message begins with a name and an operator, as a node does. */
function isNode(cursor: PageReader, { from, to }: Range): boolean {
  cursor.seek(from)
  let operator: Range | undefined
  while (cursor.at < to) {
    const field = readField(cursor, to)
    if (field.number > 7 || field.wire !== LENGTH) return false
    if (field.number === 2) operator ??= field
  }
  return operator !== undefined && OPERATOR.test(textAt(cursor, operator))
}

/** True when the bytes are a GraphDef with at least one node. Never throws for what the bytes are. */
export function holdsGraph(cursor: PageReader, { from, to }: Range): boolean {
  if (to - from < SHORTEST) return false
  try {
    cursor.seek(from)
    let node: Range | undefined
    while (cursor.at < to) {
      const field = readField(cursor, to)
      if (GRAPH_FIELDS.get(field.number) !== field.wire) return false
      if (field.number === 1) node ??= field
    }
    return node !== undefined && isNode(cursor, node)
  } catch (thrown) {
    if (!isFault(thrown)) throw thrown
    if (thrown.code.startsWith('budget-')) throw thrown
    return false
  }
}
