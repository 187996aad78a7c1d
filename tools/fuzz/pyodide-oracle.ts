/**
 * The current CPython, compiled to WebAssembly, as a program that answers batches: `oracle.py` inside Pyodide.
 *
 * Speaks the frames of `oracle.py` over standard input and output. Nothing is fetched: the interpreter and its standard
 * library lie in the package.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadPyodide } from 'pyodide'

type RunBatch = (data: Uint8Array) => string

function writeFrame(text: string): void {
  const bytes = Buffer.from(text)
  const head = Buffer.alloc(4)
  head.writeUInt32LE(bytes.length)
  process.stdout.write(Buffer.concat([head, bytes]))
}

const python = await loadPyodide({ stdout: () => {}, stderr: () => {} })
python.runPython(readFileSync(join(import.meta.dirname, 'oracle.py'), 'utf8'))
const runBatch = python.runPython('lambda data: run_batch(parse_batch(data.to_bytes()))') as RunBatch
writeFrame(JSON.stringify({ python: (python.runPython('sys.version') as string).split(' ')[0] }))
let data = Buffer.alloc(0)
process.stdin.on('data', (more: Buffer) => {
  data = Buffer.concat([data, more])
  while (data.length >= 4 && data.length >= 4 + data.readUInt32LE()) {
    const end = 4 + data.readUInt32LE()
    writeFrame(runBatch(new Uint8Array(data.subarray(4, end))))
    data = data.subarray(end)
  }
})
