/**
 * Jupyter notebooks: the Python in their cells, which somebody may run cell by cell and nothing imports.
 *
 * Lines that are handed to the shell or to the notebook itself (`!pip install`, `%cd`) are noted and left out of the
 * source. Outputs are passed over.
 * Source: nbformat 4.5.
 */
import type { JsonCursor } from '../json/cursor.ts'
import { readJsonFile } from '../json/document.ts'
import { Flattener } from '../json/flatten.ts'
import { CodeReport } from '../python/report.ts'
import { describeSource } from '../python/walk.ts'
import { firstByteIsOneOf } from '../glimpse.ts'
import type { FormatReader } from '../reader.ts'

const FORMAT = 'notebook'
const SOURCE = /^\/cells\/(\d+)\/source(?:\/\d+)?$/
const CELL_TYPE = /^\/cells\/(\d+)\/cell_type$/
const COMMAND = /^\s*(?:!|%%?(?:sh|bash|system|script)\b|%(?:pip|conda)\b)/
const MAGIC = /^\s*[%!?]|\?\s*$/

interface Cell {
  isCode: boolean
  source: string
}

/** The cells of a notebook, by their number. */
function takeCells(cursor: JsonCursor): readonly Cell[] {
  const cells = new Map<number, Cell>()
  const cellAt = (number: string | undefined): Cell => {
    const cell = cells.get(Number(number)) ?? { isCode: false, source: '' }
    cells.set(Number(number), cell)
    return cell
  }
  const flattener = new Flattener(cursor, {
    metadata: () => {},
    string: (value, pointer) => {
      const source = SOURCE.exec(pointer)
      if (source !== null) cellAt(source[1]).source += value
      const kind = CELL_TYPE.exec(pointer)
      if (kind !== null) cellAt(kind[1]).isCode = value === 'code'
    },
  })
  flattener.take('', '')
  return [...cells].toSorted(([a], [b]) => a - b).map(([, cell]) => cell)
}

/** The source of all cells of code, without the lines that are no Python. */
function pythonOf(cells: readonly Cell[], report: CodeReport): string {
  const lines = cells.filter(({ isCode }) => isCode).flatMap(({ source }) => source.split('\n'))
  return lines
    .map((text, index) => {
      const command = COMMAND.test(text)
      if (command) report.add('draw', 'shell', { reach: 'call', line: index + 1, inside: '', detail: text })
      return command || MAGIC.test(text) ? text.replace(/\S.*$/, 'pass') : text
    })
    .join('\n')
}

/** See the module. */
export const notebookReader: FormatReader = {
  format: FORMAT,
  title: 'Jupyter notebook',
  version: 1,
  extensions: ['.ipynb'],
  sniff(glimpse) {
    if (!glimpse.path.toLowerCase().endsWith('.ipynb')) return null
    return firstByteIsOneOf(glimpse, '{') ? 'structure' : 'name'
  },
  read(request) {
    return readJsonFile(request, {
      format: FORMAT,
      anomalies: [],
      read(cursor, facts) {
        const cells = takeCells(cursor)
        facts.text('cells', cells.map(({ source }) => source).join('\n'))
        const report = new CodeReport()
        describeSource(pythonOf(cells, report), report, { reach: 'call' })
        for (const fact of report.facts) facts.code(fact)
        if (report.trouble !== undefined) facts.leaveUnread(report.trouble)
      },
    })
  },
}
