/**
 * Walks an XML file element by element.
 *
 * Document types are refused as a whole: without them there are no entities but the five of XML itself, so nothing can
 * be expanded and nothing outside the file be named. The `saxes` package parses; it knows no entities of documents, and
 * is loaded only when an XML file is read.
 *
 * Guarantee: files of at most 48 MiB, elements no deeper than 256, one item of the budget for each element; attributes
 * stand in a list.
 * Source: XML 1.0; OWASP, "XML External Entity Prevention".
 */
import { createRequire } from 'node:module'
import { isUtf8 } from 'node:buffer'
import type * as Saxes from 'saxes'
import { Fault, isFault } from '../../base/index.ts'
import type { FactCollector } from '../fact-collector.ts'
import type { ReadRequest } from '../reader.ts'
import type { XmlAnomaly } from './anomalies.ts'

const LONGEST_FILE = 48 * 1024 * 1024
const DEEPEST = 256
const PIECE = 64 * 1024

/** One element as it opens. */
export interface XmlElement {
  readonly name: string
  /** In the order of the file. */
  readonly attributes: readonly (readonly [name: string, value: string])[]
  /** 0 for the root. */
  readonly depth: number
  readonly offset: number
}

/** Takes what the walk finds. */
export interface XmlSink {
  open(element: XmlElement): void
  /** Whether files of this kind name document types by habit, so that doing so is no more than unread. */
  readonly allowsDocumentType?: boolean
  /** Text of the element that was opened last and is not closed, in pieces. */
  text?(piece: string): void
}

/** Value of an attribute. @example attributeOf({ attributes: [['id', '7']] }, 'id') // '7' */
export function attributeOf({ attributes }: Pick<XmlElement, 'attributes'>, name: string): string | undefined {
  return attributes.find(([key]) => key === name)?.[1]
}

type Facts = FactCollector<XmlAnomaly>

function readText({ source }: ReadRequest, facts: Facts): string | undefined {
  if (source.size > LONGEST_FILE)
    throw new Fault('budget-bytes', `an XML file of ${source.size} bytes; at most ${LONGEST_FILE} are read`)
  const bytes = source.read(0, source.size)
  if (!isUtf8(bytes)) {
    facts.anomalies.add('xml-encoding', 'the file is not UTF-8', { locus: 'file' })
    return undefined
  }
  return new TextDecoder().decode(bytes)
}

/** A break in the document ends the walk. */
class Stop extends Error {}

class Walk {
  readonly #request: ReadRequest
  readonly #facts: Facts
  readonly #sink: XmlSink
  #depth = 0
  #attributes: [string, string][] = []

  constructor(request: ReadRequest, facts: Facts, sink: XmlSink) {
    this.#request = request
    this.#facts = facts
    this.#sink = sink
  }

  #stop(code: XmlAnomaly, message: string, offset: number): never {
    this.#facts.anomalies.add(code, message.slice(0, 200), { locus: `character ${offset}` })
    throw new Stop(code)
  }

  run(text: string): void {
    const saxes = createRequire(import.meta.url)('saxes') as typeof Saxes
    const parser = new saxes.SaxesParser({ xmlns: false, position: true })
    this.#listen(parser)
    try {
      for (let at = 0; at < text.length; at += PIECE) parser.write(text.slice(at, at + PIECE))
      parser.close()
    } catch (thrown) {
      if (!(thrown instanceof Stop)) throw thrown
    }
  }

  #listen(parser: Saxes.SaxesParser): void {
    const facts = this.#facts
    parser.on('error', (error) => this.#stop('xml-syntax', error.message, parser.position))
    parser.on('doctype', (text) => {
      const isPlain = this.#sink.allowsDocumentType === true && !text.includes('<!')
      this.#stop(isPlain ? 'xml-document-type' : 'xml-doctype', `a document type: ${text.trim()}`, parser.position)
    })
    parser.on('xmldecl', ({ encoding }) => {
      if (encoding !== undefined && !/^(utf-?8|us-ascii)$/i.test(encoding))
        this.#stop('xml-encoding', `the file says that it is ${encoding}`, parser.position)
    })
    parser.on('processinginstruction', ({ target }) =>
      facts.anomalies.add('xml-instruction', `the instruction ${target.slice(0, 80)}`, { locus: 'document' }),
    )
    parser.on('attribute', ({ name, value }) => this.#attributes.push([name, value]))
    parser.on('opentag', ({ name }) => this.#open(name, parser.position))
    parser.on('closetag', () => (this.#depth -= 1))
    const { text } = this.#sink
    if (text !== undefined) parser.on('text', (piece) => text.call(this.#sink, piece))
  }

  #open(name: string, offset: number): void {
    const depth = this.#depth++
    if (depth > DEEPEST) throw new Fault('budget-depth', `elements deeper than ${DEEPEST} levels`)
    this.#request.budget.spendItems()
    const attributes = this.#attributes
    this.#attributes = []
    this.#sink.open({ name, attributes, depth, offset })
  }
}

/** Walks the file; what is no XML is an anomaly and leaves it `unread`. The bytes are claimed. @throws Fault `budget-…` */
export function walkXml(request: ReadRequest, facts: FactCollector<XmlAnomaly>, sink: XmlSink): void {
  const text = readText(request, facts)
  facts.claim('text', 0, request.source.size)
  if (text === undefined) return
  try {
    new Walk(request, facts, sink).run(text)
  } catch (thrown) {
    if (isFault(thrown)) throw thrown
    facts.anomalies.add('xml-syntax', `the parser failed: ${String(thrown).slice(0, 200)}`, { locus: 'file' })
  }
}
