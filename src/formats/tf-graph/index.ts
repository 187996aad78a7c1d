/** TensorFlow: saved models, meta graphs and frozen graphs, with what Keras 2 and TensorFlow itself put beside them. */
import { baseName } from '../glimpse.ts'
import type { FormatReader } from '../reader.ts'
import { isFingerprint, isGraphDef, isKerasMetadata, isMetaGraph, isSavedModel } from '../protobuf/sniff.ts'
import {
  readFingerprint,
  readGraphFile,
  readHubModule,
  readKerasMetadata,
  readMetaGraphFile,
  readSavedModel,
} from './read.ts'
import { graphTextReader } from './text.ts'

/** `saved_model.pb`. */
const savedModelReader: FormatReader = {
  format: 'tf-saved-model',
  title: 'TensorFlow SavedModel',
  version: 1,
  extensions: ['saved_model.pb', '.pb'],
  sniff(glimpse) {
    if (isSavedModel(glimpse)) return 'structure'
    return baseName(glimpse.path) === 'saved_model.pb' ? 'name' : null
  },
  read: readSavedModel,
}

/** A frozen graph. */
const graphReader: FormatReader = {
  format: 'tf-graphdef',
  title: 'TensorFlow GraphDef',
  version: 1,
  extensions: ['.pb', '.graphdef'],
  sniff(glimpse) {
    if (isGraphDef(glimpse)) return 'structure'
    return /\.graphdef$/i.test(glimpse.path) ? 'name' : null
  },
  read: readGraphFile,
}

/** The graph of a checkpoint of TensorFlow 1, usually `*.meta`, which other files are called as well. */
const metaGraphReader: FormatReader = {
  format: 'tf-metagraph',
  title: 'TensorFlow MetaGraph',
  version: 1,
  extensions: ['.pb'],
  sniff: (glimpse) => (isMetaGraph(glimpse) ? 'structure' : null),
  read: readMetaGraphFile,
}

/** `keras_metadata.pb`. */
const kerasMetadataReader: FormatReader = {
  format: 'tf-keras-metadata',
  title: 'Keras metadata of a SavedModel',
  version: 1,
  extensions: ['keras_metadata.pb'],
  sniff(glimpse) {
    if (isKerasMetadata(glimpse)) return 'structure'
    return baseName(glimpse.path) === 'keras_metadata.pb' ? 'name' : null
  },
  read: readKerasMetadata,
}

/** `tfhub_module.pb`, which says of which form a module of TensorFlow Hub is. */
const hubModuleReader: FormatReader = {
  format: 'tf-hub-module',
  title: 'Marker of a TensorFlow Hub module',
  version: 1,
  extensions: ['tfhub_module.pb'],
  sniff: ({ path, size, head }) => {
    const isMarker = size === 2 && head[0] === 0x08 && (head[1] ?? 0) < 0x10
    return isMarker && baseName(path) === 'tfhub_module.pb' ? 'structure' : null
  },
  read: readHubModule,
}

/** `fingerprint.pb`. */
const fingerprintReader: FormatReader = {
  format: 'tf-fingerprint',
  title: 'Fingerprint of a SavedModel',
  version: 1,
  extensions: ['fingerprint.pb'],
  sniff: (glimpse) => (baseName(glimpse.path) === 'fingerprint.pb' && isFingerprint(glimpse) ? 'structure' : null),
  read: readFingerprint,
}

/** All readers of TensorFlow graphs. */
export const tensorflowReaders: readonly FormatReader[] = [
  savedModelReader,
  metaGraphReader,
  kerasMetadataReader,
  fingerprintReader,
  hubModuleReader,
  graphReader,
  graphTextReader,
]
