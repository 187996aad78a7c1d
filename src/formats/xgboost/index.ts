/**
 * XGBoost models in JSON and in UBJSON, which hold the same.
 *
 * Source: XGBoost documentation, "Introduction to Model IO".
 */
import { isFault } from '../../base/index.ts'
import { FactCollector } from '../fact-collector.ts'
import type { FileFacts } from '../facts.ts'
import { readJsonFile } from '../json/document.ts'
import { Flattener } from '../json/flatten.ts'
import type { JsonAnomaly } from '../json/anomalies.ts'
import { PageReader } from '../page-reader.ts'
import type { FormatReader, Glimpse, ReadRequest } from '../reader.ts'
import { ANOMALIES, type XgboostAnomaly } from './anomalies.ts'
import { UbjsonWalk } from './ubjson.ts'

const CODES: ReadonlySet<string> = new Set(ANOMALIES.map(({ code }) => code))
/** What is kept of a model: everything but the trees and the list of categories. */
const TREES = /^\/learner\/gradient_booster\/(?:gbtree\/)?model\/(?:trees|cats|weights)\b/
const MOST_ENTRIES = 1000
/** Arrays of fewer bytes are not claimed apart from what is around them. */
const SHORT = 256
const JSON_HEAD =
  /^\s{0,16}\{\s{0,16}"(?:learner"\s{0,8}:\s{0,8}\{\s{0,16}"(?:attributes|feature_names)"|version"\s{0,8}:\s{0,8}\[[\d,\s]{1,20}\]\s{0,8},\s{0,8}"learner")/
const UBJ_HEAD = /^\{L\0{7}(?:\x07learner|\x07version)/

function headMatches({ head }: Glimpse, expression: RegExp): boolean {
  return expression.test(Buffer.from(head.subarray(0, 512)).toString('latin1'))
}

/** Keeps the entries that describe the model. */
class Keeper {
  readonly #facts: FactCollector<XgboostAnomaly | JsonAnomaly>
  #kept = 0
  #hasLearner = false

  constructor(facts: FactCollector<XgboostAnomaly | JsonAnomaly>) {
    this.#facts = facts
  }

  keep(key: string, type: string, value: unknown): void {
    if (key.startsWith('/learner/')) this.#hasLearner = true
    if (TREES.test(key) || this.#kept >= MOST_ENTRIES) return
    this.#kept += 1
    this.#facts.metadata({ key: key.toWellFormed(), type, value })
  }

  finish(): void {
    if (!this.#hasLearner) this.#facts.anomalies.add('xgb-shape', 'the file holds no learner', { locus: 'root' })
  }
}

/** The reader of the form in JSON. */
export const xgboostJsonReader: FormatReader = {
  format: 'xgboost-json',
  title: 'XGBoost model (JSON)',
  version: 1,
  extensions: ['.json', '.model', '.xgb'],
  sniff: (glimpse) => (headMatches(glimpse, JSON_HEAD) ? 'magic' : null),
  read(request) {
    return readJsonFile<XgboostAnomaly>(request, {
      format: 'xgboost-json',
      anomalies: ANOMALIES,
      read(cursor, facts) {
        const keeper = new Keeper(facts)
        new Flattener(cursor, { metadata: ({ key, type, value }) => keeper.keep(key, type, value) }).take('', '')
        keeper.finish()
      },
    })
  },
}

function readUbj(request: ReadRequest): FileFacts {
  const facts = new FactCollector<XgboostAnomaly>(request, 'xgboost-ubj', ANOMALIES)
  const cursor = new PageReader(request.source, { littleEndian: false })
  const keeper = new Keeper(facts)
  let claimed = 0
  const walk = new UbjsonWalk(cursor, request.budget, {
    text: (path, value) => keeper.keep(path, 'string', value.toWellFormed()),
    number: (path, value) =>
      keeper.keep(path, 'number', Number.isFinite(Number(value)) ? Number(value) : String(value)),
    numbers(_path, { at, count, width }) {
      if (count * width < SHORT) return
      facts.claim('metadata', claimed, at)
      facts.claim('tensor', at, at + count * width)
      claimed = at + count * width
    },
    twin: (path, offset) =>
      facts.anomalies.add('xgb-duplicate-key', 'the key stands twice', { locus: path.toWellFormed(), offset }),
  })
  try {
    walk.value()
    facts.claim('metadata', claimed, cursor.at)
    keeper.finish()
  } catch (thrown) {
    if (!isFault(thrown) || !CODES.has(thrown.code)) throw thrown
    const offset = Number(thrown.details['offset'] ?? cursor.at)
    facts.anomalies.add(thrown.code as XgboostAnomaly, thrown.message, { locus: 'stream', offset })
  }
  return facts.finish()
}

/** The reader of the form in UBJSON. */
export const xgboostUbjReader: FormatReader = {
  format: 'xgboost-ubj',
  title: 'XGBoost model (UBJSON)',
  version: 1,
  extensions: ['.ubj', '.model', '.xgb'],
  sniff: (glimpse) => {
    if (headMatches(glimpse, UBJ_HEAD)) return 'magic'
    return /\.ubj$/i.test(glimpse.path) ? 'name' : null
  },
  read: readUbj,
}
