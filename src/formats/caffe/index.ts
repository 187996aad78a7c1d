/** Caffe and Caffe2: networks as messages and as text. Layers are listed; their parameters are not looked at. */
import type { FormatReader } from '../reader.ts'
import { isCaffe, isCaffe2 } from '../protobuf/sniff.ts'
import { readCaffe, readCaffe2, readCaffeText } from './read.ts'

/** Weights of Caffe. */
const caffeReader: FormatReader = {
  format: 'caffe',
  title: 'Caffe model',
  version: 1,
  extensions: ['.caffemodel'],
  sniff(glimpse) {
    if (isCaffe(glimpse) && /\.(caffemodel|binaryproto)$/i.test(glimpse.path)) return 'structure'
    return /\.caffemodel$/i.test(glimpse.path) ? 'name' : null
  },
  read: readCaffe,
}

/** Networks of Caffe as text. */
const caffeTextReader: FormatReader = {
  format: 'caffe-text',
  title: 'Caffe network as text',
  version: 1,
  extensions: ['.prototxt'],
  sniff: ({ path }) => (/\.prototxt$/i.test(path) ? 'name' : null),
  read: readCaffeText,
}

/** Networks of Caffe2. */
const caffe2Reader: FormatReader = {
  format: 'caffe2',
  title: 'Caffe2 network',
  version: 1,
  extensions: ['.pb'],
  sniff: (glimpse) => (isCaffe2(glimpse) ? 'structure' : null),
  read: readCaffe2,
}

/** All of them. */
export const caffeReaders: readonly FormatReader[] = [caffeReader, caffeTextReader, caffe2Reader]
