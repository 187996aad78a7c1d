/**
 * The data of a safetensors file: do the tensors follow one another without gap or overlap to the end of the file?
 *
 * The reference library demands it, so that nothing can hide between tensors. Sixteen bytes a tensor, sorted only
 * when the header does not give them in order.
 */
import type { AnomalyList } from '../anomaly-list.ts'
import { NumberList } from '../number-list.ts'
import type { SafetensorsAnomaly } from './anomalies.ts'

/** See the module. Offsets are in bytes from the first byte of the data. */
export class Spans {
  readonly #ends = new NumberList((length) => new Float64Array(length))
  #empty = 0
  #sorted = true

  /** Number of spans. */
  get count(): number {
    return this.#ends.length / 2
  }

  /** Number of spans without bytes. */
  get empty(): number {
    return this.#empty
  }

  #begin(index: number): number {
    return this.#ends.get(2 * index)
  }

  #end(index: number): number {
    return this.#ends.get(2 * index + 1)
  }

  /** Adds the span [begin, end). */
  add(begin: number, end: number): void {
    const last = this.count - 1
    if (last >= 0 && (this.#begin(last) > begin || (this.#begin(last) === begin && this.#end(last) > end))) {
      this.#sorted = false
    }
    this.#ends.push(begin)
    this.#ends.push(end)
    this.#empty += Number(begin === end)
  }

  /** Numbers of the spans by offset, when they were not added in that order. */
  #order(): Uint32Array | undefined {
    if (this.#sorted) return undefined
    const order = Uint32Array.from({ length: this.count }, (_, index) => index)
    return order.sort((a, b) => this.#begin(a) - this.#begin(b) || this.#end(a) - this.#end(b))
  }

  /**
   * Walks the spans in the order of their offsets and notes gaps, overlaps and a wrong end.
   *
   * @param size bytes of the data
   * @param visit gets each span in that order
   */
  check(size: number, anomalies: AnomalyList<SafetensorsAnomaly>, visit: (begin: number, end: number) => void): void {
    let reached = 0
    const order = this.#order()
    for (let place = 0; place < this.count; place++) {
      const index = order?.[place] ?? place
      const [begin, end] = [this.#begin(index), this.#end(index)]
      const locus = `data ${begin} to ${end}`
      if (begin > reached)
        anomalies.add('stn-gap', `${begin - reached} bytes before ${locus} belong to no tensor`, { locus })
      if (begin < reached)
        anomalies.add('stn-overlap', `${locus} begins before ${reached}, where another tensor ends`, { locus })
      reached = Math.max(reached, end)
      visit(begin, end)
    }
    if (reached === size) return
    anomalies.add('stn-end', `the tensors end at ${reached} of ${size} bytes of data`, { locus: 'data' })
  }
}
