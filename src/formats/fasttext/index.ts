/**
 * fastText models (.bin, .ftz): settings, dictionary, and two matrices, plain or quantised.
 *
 * Source: `fasttext.cc`, `dictionary.cc`, `matrix` and `productquantizer.cc` of fastText 0.9.
 */
import { addChecked, Fault, isFault, mulChecked, toSize } from '../../base/index.ts'
import { FactCollector } from '../fact-collector.ts'
import type { FileFacts } from '../facts.ts'
import { PageReader } from '../page-reader.ts'
import type { FormatReader, ReadRequest } from '../reader.ts'
import { ANOMALIES, type FasttextAnomaly } from './anomalies.ts'

const MAGIC = 'ba164f2f'
const VERSIONS: readonly number[] = [11, 12]
const SETTINGS = 'dim ws epoch minCount neg wordNgrams loss model bucket minn maxn lrUpdateRate'.split(' ')
const LONGEST_WORD = 64 * 1024
const CENTROIDS = 256
const SUPERVISED = 3

type Facts = FactCollector<FasttextAnomaly>

class Reading {
  readonly #facts: Facts
  readonly #cursor: PageReader
  readonly #path: string
  readonly #budget: ReadRequest['budget']
  #claimed = 0

  constructor(request: ReadRequest, facts: Facts) {
    this.#facts = facts
    this.#cursor = new PageReader(request.source)
    this.#path = request.path
    this.#budget = request.budget
  }

  #need(bytes: number, what: string): void {
    const { at, remaining } = this.#cursor
    if (bytes > remaining)
      throw new Fault('ftx-length', `${what}: ${bytes} bytes are wanted and ${remaining} are left`, {
        details: { offset: at },
      })
  }

  #int(what: string): number {
    this.#need(4, what)
    return this.#cursor.i32()
  }

  #long(what: string): number {
    this.#need(8, what)
    return toSize(this.#cursor.u64())
  }

  #flag(what: string): boolean {
    this.#need(1, what)
    return this.#cursor.u8() !== 0
  }

  /** False when the version is none. */
  settings(): ReadonlyMap<string, number> | undefined {
    this.#cursor.skip(4)
    const version = this.#int('the version')
    if (!VERSIONS.includes(version)) {
      this.#facts.anomalies.add('ftx-version', `version ${version}`, { locus: 'header', offset: 4 })
      return undefined
    }
    const settings = new Map(SETTINGS.map((key): [string, number] => [key, this.#int(key)]))
    this.#need(8, 'the sampling threshold')
    this.#cursor.skip(8)
    for (const [key, value] of settings) this.#facts.metadata({ key, type: 'i32', value })
    return settings
  }

  /** Words with their counts; returns how many rows of n-grams are left after pruning, -1 when nothing was pruned. */
  dictionary(): { readonly words: number; readonly labels: number; readonly pruned: number } {
    const size = this.#int('the dictionary')
    const words = this.#int('the words')
    const labels = this.#int('the labels')
    this.#long('the tokens')
    this.#need(8, 'the pruning')
    const pruned = Number(this.#cursor.i64())
    this.#facts.metadata({ key: 'words', type: 'i32', value: words })
    this.#facts.metadata({ key: 'labels', type: 'i32', value: labels })
    if (size < 0 || size > this.#cursor.remaining / 10) this.#need(Number.MAX_SAFE_INTEGER, `${size} entries`)
    for (let i = 0; i < size; i++) this.#entry()
    if (pruned > 0) {
      this.#need(mulChecked(pruned, 8), 'the pruned list')
      this.#cursor.skip(pruned * 8)
    }
    return { words, labels, pruned }
  }

  /** A word up to its zero byte, a count and a kind. */
  #entry(): void {
    this.#budget.spendItems()
    for (let length = 0; length < LONGEST_WORD; length++) {
      this.#need(1, 'a word')
      if (this.#cursor.u8() === 0) {
        this.#need(9, 'an entry')
        return this.#cursor.skip(9)
      }
    }
    this.#need(Number.MAX_SAFE_INTEGER, 'a word without end')
  }

  #numbers(length: number, what: string): number {
    this.#need(length, what)
    const { at } = this.#cursor
    this.#facts.claim('metadata', this.#claimed, at)
    this.#facts.claim('tensor', at, at + length)
    this.#cursor.skip(length)
    this.#claimed = at + length
    return at
  }

  /** A matrix, plain or quantised, whose shape should be the given one. */
  matrix(name: string, wanted: { readonly rows: number; readonly columns: number }): void {
    const isQuantised = this.#flag(name)
    if (isQuantised) return this.#quantised(name)
    const [rows, columns] = [this.#long(name), this.#long(name)]
    const length = mulChecked(rows, columns, 4)
    const offset = this.#numbers(length, name)
    this.#facts.tensor({ name, type: 'F32', shape: [rows, columns], file: this.#path, offset, length })
    if (rows === wanted.rows && columns === wanted.columns) return
    const message = `${rows} × ${columns}, where ${wanted.rows} × ${wanted.columns} follow from the settings`
    this.#facts.anomalies.add('ftx-shape', message, { locus: name, offset })
  }

  #quantised(name: string): void {
    const hasNorms = this.#flag(name)
    const rows = this.#long(name)
    this.#long(name)
    this.#numbers(this.#int(name) >>> 0, `${name}, codes`)
    this.#centroids(name)
    if (!hasNorms) return
    this.#numbers(rows, `${name}, norms`)
    this.#centroids(name)
  }

  #centroids(name: string): void {
    const dimension = this.#int(name)
    this.#need(12, name)
    this.#cursor.skip(12)
    if (dimension < 0) this.#need(Number.MAX_SAFE_INTEGER, `${name}, ${dimension} dimensions`)
    const length = mulChecked(dimension, CENTROIDS, 4)
    const offset = this.#numbers(length, `${name}, centroids`)
    const shape = [CENTROIDS, dimension]
    const tensor = { type: 'F32', shape, file: this.#path, offset, length, packed: 'strided' }
    this.#facts.tensor({ name: `${name}.centroids`, ...tensor })
  }

  finish(): void {
    this.#facts.claim('metadata', this.#claimed, this.#cursor.at)
  }
}

function readModel(reading: Reading): void {
  const settings = reading.settings()
  if (settings === undefined) return
  const { words, labels, pruned } = reading.dictionary()
  const columns = settings.get('dim') ?? 0
  const buckets = pruned >= 0 ? pruned : Math.max(0, settings.get('bucket') ?? 0)
  reading.matrix('input', { rows: addChecked(Math.max(0, words), buckets), columns })
  reading.matrix('output', { rows: settings.get('model') === SUPERVISED ? labels : words, columns })
  reading.finish()
}

function read(request: ReadRequest): FileFacts {
  const facts: Facts = new FactCollector(request, 'fasttext', ANOMALIES)
  try {
    readModel(new Reading(request, facts))
  } catch (thrown) {
    if (!isFault(thrown)) throw thrown
    const isOurs = thrown.code === 'ftx-length' || thrown.code === 'size-overflow' || thrown.code === 'truncated'
    if (!isOurs) throw thrown
    const offset = thrown.details['offset']
    const place = { locus: 'stream', ...(typeof offset === 'number' && { offset }) }
    facts.anomalies.add('ftx-length', thrown.message, place)
  }
  return facts.finish()
}

/** See the module. */
export const fasttextReader: FormatReader = {
  format: 'fasttext',
  title: 'fastText model',
  version: 1,
  extensions: ['.bin', '.ftz'],
  sniff: ({ path, head }) => {
    if (Buffer.from(head.subarray(0, 4)).toString('hex') === MAGIC) return 'magic'
    return /\.ftz$/i.test(path) ? 'name' : null
  },
  read,
}
