/**
 * Takes a whole file as UTF-8 text, and notes what does not belong into one.
 *
 * Control characters move a terminal's cursor, bidirectional overrides show a reader another text than a machine
 * reads, tag characters and long runs of zero-width characters carry messages that nobody sees. What languages and
 * emoji need (joiners, direction marks, flags) is let pass.
 */
import { isUtf8 } from 'node:buffer'
import type { FactCollector } from '../fact-collector.ts'
import type { ReadRequest } from '../reader.ts'
import type { TextAnomaly } from './anomalies.ts'

/** Bytes of a text that are read. */
const LONGEST_FILE = 1024 * 1024
const CONTROL = /[\u0000-\u0008\u000b\u000e-\u001f\u007f]/
const FLAG = /\u{1f3f4}[\u{e0020}-\u{e007e}]+\u{e007f}/gu
const INVISIBLE = /[\u202a-\u202e\u2066-\u2069\u{e0000}-\u{e007f}]|[\u200b-\u200d\u2060\ufeff]{8,}/u

/** Length of the longest prefix that ends with a whole character. */
function wholeCharacters(bytes: Uint8Array): number {
  for (let cut = 0; cut < 4; cut++) if (isUtf8(bytes.subarray(0, bytes.length - cut))) return bytes.length - cut
  return bytes.length
}

function lineOf(text: string, index: number): string {
  return `line ${text.slice(0, index).split('\n').length}`
}

/**
 * The text of a file, of a long one the first `longest` bytes (1 MiB); undefined, and `text-utf8`, when it is not UTF-8. A byte-order mark
 * is left out. The bytes are claimed.
 *
 * @throws Fault of the source and the budget
 */
export function takeText(
  request: ReadRequest,
  facts: FactCollector<TextAnomaly>,
  longest = LONGEST_FILE,
): string | undefined {
  const { size } = request.source
  const bytes = request.source.read(0, Math.min(size, longest))
  const kept = size > longest ? bytes.subarray(0, wholeCharacters(bytes)) : bytes
  if (size > longest) facts.leaveUnread(`a text of ${size} bytes, of which ${kept.length} were read`)
  facts.claim('text', 0, size)
  if (!isUtf8(kept)) {
    facts.anomalies.add('text-utf8', 'the file is not UTF-8', { locus: 'file' })
    return undefined
  }
  const text = new TextDecoder().decode(kept)
  const control = CONTROL.exec(text)
  if (control !== null)
    facts.anomalies.add('text-control', `the text holds the control character ${control[0].charCodeAt(0)}`, {
      locus: lineOf(text, control.index),
    })
  const shown = text.replaceAll(FLAG, '')
  const invisible = INVISIBLE.exec(shown)
  if (invisible !== null)
    facts.anomalies.add(
      'text-invisible',
      `the text holds the invisible character U+${(invisible[0].codePointAt(0) as number).toString(16)}`,
      { locus: lineOf(shown, invisible.index) },
    )
  return text
}
