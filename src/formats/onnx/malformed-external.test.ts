/** External data of ONNX models: what is noted of each, sound or not. */
import { checkOnnxCases, type OnnxCase, buildOnnx, externalTensor, graph, node, rawTensor } from '../../testing/onnx.ts'
import type { Message } from '../../testing/protobuf.ts'

const weights = (entries: readonly (readonly [string, string])[], more: Message = []): Uint8Array =>
  buildOnnx({ graph: graph([['initializer', externalTensor('e', entries, more)]]) })
const at = (location: string): Uint8Array => weights([['location', location]])
const nodes = (...list: readonly Message[]): Uint8Array => buildOnnx({ graph: graph([], list) })
const attribute = (fields: Message): Uint8Array => nodes(node('Add', ['x', 'w'], ['y'], [['attribute', fields]]))
const FIT: readonly (readonly [string, string])[] = [
  ['location', 'w.bin'],
  ['length', '8'],
]

const CASES: readonly OnnxCase[] = [
  ['external data beside it', at('w.bin'), []],
  ['external data in a folder below', at('./data/w.bin'), []],
  ['external data with all keys', weights([...FIT, ['offset', '64'], ['checksum', 'ab']]), []],
  ['prepacked weights', weights([...FIT, ['prepacked_0', 'x']]), []],
  ['a step upwards', at('../w.bin'), ['onx-path-escape']],
  ['a step upwards within', at('a/../../w.bin'), ['onx-path-escape']],
  ['a path from the root', at('/etc/hosts'), ['onx-path-escape']],
  ['a drive', at('C:/w.bin'), ['onx-path-escape']],
  ['a network share', at('\\\\host\\w.bin'), ['onx-path-escape']],
  ['a backslash', at('a\\..\\w.bin'), ['onx-path-escape']],
  ['an address', at('https://host/w.bin'), ['onx-path-escape']],
  ['a home folder', at('~/w.bin'), ['onx-path-escape']],
  ['memory of the runtime', at('*/_ORT_MEM_ADDR_/*'), ['onx-memory-address']],
  ['no location', weights([['length', '8']]), ['onx-external-number']],
  ['an empty location', at(''), ['onx-external-number']],
  ['an offset that is no number', weights([...FIT, ['offset', '0x10']]), ['onx-external-number']],
  ['a negative offset', weights([...FIT, ['offset', '-8']]), ['onx-external-number']],
  ['a giant offset', weights([...FIT, ['offset', '9999999999999999']]), ['onx-external-number']],
  [
    'a length of another shape',
    weights([
      ['location', 'w.bin'],
      ['length', '12'],
    ]),
    ['onx-external-size'],
  ],
  ['an unknown key', weights([...FIT, ['__class__', 'x']]), ['onx-external-key']],
  ['a key twice', weights([...FIT, ['location', 'v.bin']]), ['onx-external-key']],
  [
    'an escape in an attribute',
    attribute([
      ['name', 'value'],
      ['type', 4],
      ['t', externalTensor('', [['location', '../w']])],
    ]),
    ['onx-path-escape'],
  ],
  [
    'an escape in a sparse tensor',
    buildOnnx({
      graph: graph([
        [
          'sparse_initializer',
          [
            ['values', externalTensor('s', [['location', '/w']])],
            ['indices', rawTensor('i')],
          ],
        ],
      ]),
    }),
    ['onx-path-escape'],
  ],
  ['data of its own and external data', weights(FIT, [['raw_data', Buffer.alloc(8)]]), ['onx-tensor-data']],
  [
    'overlapping external data',
    buildOnnx({
      graph: graph([
        ['initializer', externalTensor('a', FIT)],
        ['initializer', externalTensor('b', [...FIT, ['offset', '4']])],
      ]),
    }),
    ['onx-external-overlap'],
  ],
  [
    'shared external data',
    buildOnnx({
      graph: graph([
        ['initializer', externalTensor('a', FIT)],
        ['initializer', externalTensor('b', FIT)],
      ]),
    }),
    [],
  ],
]

checkOnnxCases(CASES)
