/** ONNX: models as graphs of operators, from most frameworks. */
import type { FormatReader } from '../reader.ts'
import { isOnnx } from '../protobuf/sniff.ts'
import { readOnnx } from './read.ts'

/** Reads ONNX models of IR version 1 and later, ONNX-ML and training included. */
export const onnxReader: FormatReader = {
  format: 'onnx',
  title: 'ONNX',
  version: 2,
  extensions: ['.onnx'],
  sniff(glimpse) {
    if (isOnnx(glimpse)) return 'structure'
    return /\.onnx$/i.test(glimpse.path) ? 'name' : null
  },
  read: readOnnx,
}
