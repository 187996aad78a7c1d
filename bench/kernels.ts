/**
 * Speed of the kernels on one core, by CPU time, against its budgets.
 *
 *     node bench/kernels.ts [--guard]
 *
 * CPU time and not wall time, since a shared machine gives wall times several times too long. A clock tick can be
 * 4 ms, so each kernel runs for at least 300 ms. The unit U is one pass of SHA-256 over the same bytes with `readSync`.
 */
import { createHash } from 'node:crypto'
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  countSketch,
  decodeTensor,
  dot,
  dotF32,
  GGML_TYPES,
  findDifferences,
  hammingDistance,
  histogram16,
  histogramQuantile,
  mergeHistograms,
  multiply,
  nearestByCosine,
  nearestByHamming,
  newKernelBuffer,
  rowNorms,
  signBits,
  summariseHistogram,
  toCanonicalBf16,
} from '../src/simd/index.ts'
import { warmHashUnit } from './measuring/hash-unit.ts'

/** One measured speed. */
export interface KernelSpeed {
  readonly name: string
  readonly value: number
  /** `GB/s` of input, `GFLOP/s`, `Gel/s` of elements that come out, `M/s` of rows, `U` of work. */
  readonly unit: 'GB/s' | 'GFLOP/s' | 'Gel/s' | 'M/s' | 'U'
  /** The least that is acceptable; for `U` the most. */
  readonly budget?: number
}

interface Bench {
  readonly name: string
  readonly unit: KernelSpeed['unit']
  /** Units of work in one run: bytes, operations, elements or rows. */
  readonly work: number
  readonly run: () => unknown
  readonly budget?: number
}

/** Seconds of CPU time that one call takes. */
function secondsOf(run: () => unknown): number {
  for (let i = 0; i < 3; i++) run()
  for (let calls = 1; ; calls *= 2) {
    const before = process.cpuUsage()
    for (let i = 0; i < calls; i++) run()
    const { user, system } = process.cpuUsage(before)
    if (user + system > 300_000) return (user + system) / 1e6 / calls
  }
}

const PER: Readonly<Record<KernelSpeed['unit'], number>> = {
  'GB/s': 1e9,
  'GFLOP/s': 1e9,
  'Gel/s': 1e9,
  'M/s': 1e6,
  U: 1,
}

function measure({ name, unit, work, run, budget }: Bench): KernelSpeed {
  return { name, value: work / secondsOf(run) / PER[unit], unit, ...(budget === undefined ? {} : { budget }) }
}

/** Numbers that are distributed much like weights. */
function weights(count: number): Float32Array {
  let state = 1
  const uniform = (): number => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32
  return Float32Array.from({ length: count }, () => 0.02 * (uniform() + uniform() + uniform() + uniform() - 2))
}

function bytesOf(view: ArrayBufferView): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength)
}

function inKernel(bytes: Uint8Array): Uint8Array {
  const buffer = newKernelBuffer(bytes.length)
  buffer.set(bytes)
  return buffer
}

function codesOf(bytes: Uint8Array): Uint16Array {
  return new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2)
}

/** 256 KiB of bf16, hot in the second-level cache. */
function bf16Benches(): Bench[] {
  const values = weights(131_072)
  const heap = toCanonicalBf16('F32', bytesOf(values))
  const bytes = inKernel(bytesOf(heap))
  const out = codesOf(newKernelBuffer(bytes.length))
  const sketch = { buckets: new Float64Array(4096), scale: 200_000, seed: 1 }
  const per = { unit: 'GB/s', work: bytes.length } as const
  return [
    { ...per, name: 'canonical bf16, kernel buffers', run: () => toCanonicalBf16('BF16', bytes, { out }), budget: 8 },
    {
      ...per,
      name: 'canonical bf16, in place',
      run: () => toCanonicalBf16('BF16', bytes, { out: codesOf(bytes) }),
      budget: 8,
    },
    {
      ...per,
      name: 'canonical bf16, copied in and out',
      run: () => toCanonicalBf16('BF16', bytesOf(heap), { out: heap }),
    },
    { ...per, name: 'decode bf16 into the heap', run: () => decodeTensor('BF16', bytes, { out: values }) },
    { ...per, name: 'count sketch of bf16 codes', run: () => countSketch(codesOf(bytes), sketch), budget: 1.3 },
  ]
}

/** 4 MiB of codes, and what their histogram costs to read. */
function histogramBenches(): Bench[] {
  const bytes = inKernel(bytesOf(toCanonicalBf16('F32', bytesOf(weights(2 ** 21)))))
  const codes = codesOf(bytes)
  const counts = histogram16(codes)
  const read = (): unknown => [summariseHistogram(counts, 'bf16'), histogramQuantile(counts, 'bf16', 0.5)]
  const changed = codesOf(inKernel(bytesOf(codes.map((code, i) => (i % 2000 === 0 ? 0 : code)))))
  const gigabytes = { unit: 'GB/s', work: bytes.length } as const
  return [
    { ...gigabytes, name: 'histogram of codes', run: () => histogram16(codes, { counts }), budget: 1.5 },
    { ...gigabytes, name: 'places that canonicalising changed', run: () => findDifferences(codes, changed) },
    { unit: 'M/s', work: 65_536, name: 'merge histograms', run: () => mergeHistograms(counts, counts) },
    { unit: 'M/s', work: 65_536, name: 'summary and median of a histogram', run: read },
  ]
}

function floatBenches(): Bench[] {
  const values = weights(65_536)
  const bytes = inKernel(bytesOf(values))
  const placed = new Float32Array(bytes.buffer, bytes.byteOffset, values.length)
  const halves = inKernel(bytesOf(Float16Array.from(weights(131_072))))
  const out = codesOf(newKernelBuffer(262_144))
  const sketch = { buckets: new Float64Array(4096), scale: 200_000, seed: 1 }
  const per = { unit: 'GB/s', work: bytes.length } as const
  return [
    { ...per, name: 'canonical bf16 of f32', run: () => toCanonicalBf16('F32', bytes, { out }) },
    { ...per, name: 'canonical bf16 of f16', run: () => toCanonicalBf16('F16', halves, { out }) },
    { ...per, name: 'count sketch of f32', run: () => countSketch(placed, sketch) },
    { ...per, name: 'row norms, 64 wide', run: () => rowNorms(placed, 64) },
    { ...per, name: 'sign bits', run: () => signBits(placed, 4096) },
    {
      unit: 'M/s',
      work: 1,
      name: 'dot in f64 of 4096, kernel buffers',
      run: () => dot(placed.subarray(0, 4096), placed.subarray(4096, 8192)),
    },
    {
      unit: 'M/s',
      work: 1,
      name: 'dot in f32 of 4096, kernel buffers',
      run: () => dotF32(placed.subarray(0, 4096), placed.subarray(4096, 8192)),
    },
  ]
}

/** The same on bytes that are meant to be slow: subnormal values, and squares that are subnormal. */
function hostileBenches(): Bench[] {
  const hostile = [1, 0x1f800000].map((bits) => {
    const bytes = inKernel(bytesOf(Uint32Array.from({ length: 65_536 }, (_, i) => bits + (i & 1023))))
    return new Float32Array(bytes.buffer, bytes.byteOffset, 65_536)
  })
  const sketch = { buckets: new Float64Array(4096), scale: 1, seed: 1 }
  return hostile.flatMap((values, i) => {
    const per = { unit: 'GB/s', work: values.byteLength } as const
    const kind = i === 0 ? 'subnormal' : 'tiny'
    return [
      { ...per, name: `row norms of ${kind} f32`, run: () => rowNorms(values, 64) },
      { ...per, name: `dot in f32 of ${kind} f32`, run: () => dotF32(values, values) },
      { ...per, name: `count sketch of ${kind} f32`, run: () => countSketch(values, sketch) },
    ]
  })
}

function searchBenches(): Bench[] {
  const searches = [
    [512, 1536, 576],
    [32, 1536, 576],
    [128, 4096, 4096],
  ] as const
  const bits = Uint32Array.from({ length: 16 * 4096 }, (_, i) => Math.imul(i, 2654435761))
  const one = bits.subarray(0, 16 * 16)
  return [
    ...searches.map(([m, h, d]) => {
      const [queries, references] = [weights(m * d), weights(h * d)]
      const run = (): unknown => nearestByCosine(queries, references, d, { absolute: true })
      const budget = m === 512 ? { budget: 30 } : {}
      return {
        unit: 'GFLOP/s',
        work: 2 * m * h * d,
        name: `nearest by cosine ${m} × ${h} × ${d}`,
        run,
        ...budget,
      } as const
    }),
    { unit: 'GB/s', work: 8 * bits.length, name: 'Hamming distance', run: () => hammingDistance(bits, bits) },
    { unit: 'M/s', work: 16 * 4096, name: 'nearest by Hamming, 512 bits', run: () => nearestByHamming(one, bits, 16) },
  ]
}

/** Products of matrices; that of subnormal values is to be no slower. */
function productBenches(): Bench[] {
  const subnormal = new Float32Array(Uint32Array.from({ length: 2 ** 20 }, (_, i) => 1 + (i & 1023)).buffer)
  const products = [
    ['1024 × 1024 × 1024', 1024, 1024, weights(2 ** 20)],
    ['1024 × 1024 × 1024, subnormal', 1024, 1024, subnormal],
    ['96 × 1024 × 96', 96, 1024, weights(2 ** 20)],
  ] as const
  return products.map(([name, side, inner, values]) => {
    const [a, b] = [values.subarray(0, side * inner), values.slice(0, side * inner)]
    const run = (): unknown => multiply(a, b, { rows: side, inner, columns: side, transposeB: true })
    const budget = side === 1024 ? { budget: 30 } : {}
    return { unit: 'GFLOP/s', work: 2 * side * side * inner, name: `multiply ${name}`, run, ...budget } as const
  })
}

function decodeBenches(): Bench[] {
  const out = new Float32Array(65_536)
  return GGML_TYPES.filter(({ blockElements }) => blockElements > 1).map(({ name, blockBytes, blockElements }) => {
    const bytes = inKernel(Uint8Array.from({ length: (65_536 / blockElements) * blockBytes }, (_, i) => (i * 37) & 63))
    return { unit: 'Gel/s', work: 65_536, name: `decode ${name}`, run: () => decodeTensor(name, bytes, { out }) }
  })
}

/** A file that no cache holds. */
const FILE_BYTES = 2 ** 26

/** What the digest of a bf16 tensor costs beside one pass of SHA-256 over it, read with `readSync`. */
function fingerprintUnits(): KernelSpeed[] {
  const folder = mkdtempSync(join(tmpdir(), 'tidewaiter-bench-'))
  const path = join(folder, 'weights')
  const tensor = bytesOf(toCanonicalBf16('F32', bytesOf(weights(2 ** 22))))
  writeFileSync(path, Buffer.concat(Array.from({ length: FILE_BYTES / tensor.length }, () => tensor)))
  const file = openSync(path, 'r')
  try {
    const chunk = newKernelBuffer(2 ** 20)
    const out = codesOf(newKernelBuffer(2 ** 20))
    const unit = warmHashUnit(path).cpu
    const both = secondsOf(() => {
      const [raw, canonical] = [createHash('sha256'), createHash('sha256')]
      for (let at = 0; at < FILE_BYTES; at += chunk.length) {
        readSync(file, chunk, 0, chunk.length, at)
        raw.update(chunk)
        canonical.update(bytesOf(toCanonicalBf16('BF16', chunk, { out })))
      }
      raw.digest()
      canonical.digest()
    })
    return [
      { name: 'SHA-256 with readSync of 4 MiB', value: FILE_BYTES / unit / 1e9, unit: 'GB/s', budget: 1.1 },
      { name: 'raw and canonical digest', value: both / unit, unit: 'U', budget: 2 },
    ]
  } finally {
    closeSync(file)
    rmSync(folder, { recursive: true })
  }
}

/** Measures every kernel. */
export function benchKernels(): KernelSpeed[] {
  const benches = [
    ...bf16Benches(),
    ...histogramBenches(),
    ...floatBenches(),
    ...hostileBenches(),
    ...searchBenches(),
    ...productBenches(),
    ...decodeBenches(),
  ]
  return [...fingerprintUnits(), ...benches.map(measure)]
}

/** False when a speed misses its budget. */
export function meetsBudget({ value, unit, budget }: KernelSpeed): boolean {
  if (budget === undefined) return true
  return unit === 'U' ? value <= budget : value >= budget
}

if (import.meta.main) {
  for (const speed of benchKernels()) {
    const bound = speed.unit === 'U' ? 'at most' : 'at least'
    const budget =
      speed.budget === undefined ? '' : `  ${bound} ${speed.budget}  ${meetsBudget(speed) ? 'holds' : 'MISSED'}`
    console.log(`  ${speed.name.padEnd(40)} ${speed.value.toFixed(2).padStart(8)} ${speed.unit}${budget}`)
    if (!meetsBudget(speed) && process.argv.includes('--guard')) process.exitCode = 1
  }
}
