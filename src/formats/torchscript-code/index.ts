/**
 * The code of a TorchScript archive (`code/*.py`): a small language in Python's syntax, run by torch's own machine.
 *
 * It has no imports and no Python library; all that it can do is call operators and methods. So the operators that a
 * source calls are listed, each once, and their judgement is left to rules. A container hands such files over by the id
 * of this format; by its name alone none is one.
 * Source: torch/csrc/jit/serialization/python_print.cpp.
 */
import { FactCollector } from '../fact-collector.ts'
import type { FormatReader } from '../reader.ts'
import { CodeReport } from '../python/report.ts'
import { inField, parseSource, type PyNode } from '../python/syntax.ts'
import { ANOMALIES } from '../text/anomalies.ts'
import { takeText } from '../text/take-text.ts'

const FORMAT = 'torchscript-code'
/** Operators that read or write files. */
const FILES = /^(?:torch|ops\.aten)\.(?:save|load|from_file|_load_\w+)$/
const OPERATOR = /^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*$/
/** What belongs to the language and is no operator. */
const WORDS: ReadonlySet<string> = new Set(
  'annotate unchecked_cast uninitialized getattr hasattr isinstance int float bool str len range print list dict tuple fork wait'.split(
    ' ',
  ),
)

/** The calls under a node, in the order of the source. */
function* callsIn(root: PyNode): Generator<PyNode> {
  const stack = [root]
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (node.type === 'call') yield node
    for (const child of node.children.toReversed()) stack.push(child)
  }
}

/** Notes the operators of a source. */
function noteOperators(text: string, report: CodeReport): void {
  const { root, trouble } = parseSource(text)
  if (trouble !== undefined) report.note(trouble)
  const seen = new Set<string>()
  for (const call of callsIn(root)) {
    const callee = inField(call, 'function')
    const name = callee === undefined ? '' : text.slice(callee.from, callee.to).replaceAll(/\s/g, '')
    if (!OPERATOR.test(name) || WORDS.has(name) || seen.has(name)) continue
    seen.add(name)
    if (!/^(?:torch|ops|__torch__)\./.test(name) && name.includes('.')) continue
    report.add(FILES.test(name) ? 'file' : 'operator', name, { reach: 'load', line: call.line, inside: '' })
  }
}

/** See the module. */
export const torchscriptCodeReader: FormatReader = {
  format: FORMAT,
  title: 'TorchScript code',
  version: 1,
  extensions: [],
  sniff: () => null,
  read(request) {
    const facts = new FactCollector(request, FORMAT, ANOMALIES)
    const text = takeText(request, facts)
    if (text === undefined) return facts.finish()
    const report = new CodeReport()
    noteOperators(text, report)
    for (const fact of report.facts) facts.code(fact)
    if (report.trouble !== undefined) facts.leaveUnread(report.trouble)
    return facts.finish()
  },
}
