/**
 * All readers, in the order in which they are preferred among equals. A new format is added here and nowhere else.
 */
import { bzip2Reader } from './bzip2/index.ts'
import { executableReaders } from './executable/index.ts'
import { caffeReaders } from './caffe/index.ts'
import { coreMlReader } from './core-ml/index.ts'
import { catboostReader } from './catboost/index.ts'
import { executorchReader } from './executorch/index.ts'
import { fasttextReader } from './fasttext/index.ts'
import { flaxReader } from './flax/index.ts'
import { coreMlWeightsReader } from './core-ml/weights.ts'
import { ggufReader } from './gguf/index.ts'
import { gzipReader } from './gzip/index.ts'
import { hdf5Reader } from './hdf5/index.ts'
import { hfCardReader } from './hf-card/index.ts'
import { hfConfigReader } from './hf-config/index.ts'
import { hfTokenizerReader } from './hf-tokenizer/index.ts'
import { imageReaders } from './image/index.ts'
import { joblibZReader } from './joblib-z/index.ts'
import { llamafileReader } from './llamafile/index.ts'
import { kerasReader } from './keras/index.ts'
import { kerasConfigReader } from './keras-config/index.ts'
import { lz4Reader } from './lz4/index.ts'
import { onnxReader } from './onnx/index.ts'
import { paddleReaders } from './paddle/index.ts'
import { nemoReader } from './nemo/index.ts'
import { npyReader } from './npy/index.ts'
import { npzReader } from './npz/index.ts'
import { lightgbmReader } from './lightgbm/index.ts'
import { litertLmReader } from './litert-lm/index.ts'
import { openvinoReader } from './openvino/index.ts'
import { ortReader } from './ort/index.ts'
import { pickleReader } from './pickle/index.ts'
import { pmmlReader } from './pmml/index.ts'
import { rDataReader } from './r-data/index.ts'
import { notebookReader } from './notebook/index.ts'
import { pycReader } from './pyc/index.ts'
import { pythonReader } from './python/index.ts'
import { recognisedReaders } from './recognised/index.ts'
import type { FormatReader } from './reader.ts'
import { safetensorsReader } from './safetensors/index.ts'
import { safetensorsIndexReader } from './safetensors-index/index.ts'
import { skopsReader } from './skops/index.ts'
import { stableBaselinesReader } from './stable-baselines/index.ts'
import { tarReader } from './tar/index.ts'
import { textReader } from './text/index.ts'
import { torchExportReader } from './torch-export/index.ts'
import { torchLegacyReader } from './torch-legacy/index.ts'
import { torchModelArchiveReader } from './torch-model-archive/index.ts'
import { torchPackageReader } from './torch-package/index.ts'
import { torchTarReader } from './torch-tar/index.ts'
import { torchZipReader } from './torch-zip/index.ts'
import { torchScriptReader } from './torchscript/index.ts'
import { lzmaReader, xzReader } from './xz/index.ts'
import { zipReader } from './zip/reader.ts'
import { zlibReader } from './zlib/index.ts'
import { zstandardReader } from './zstandard/index.ts'
import { sentencePieceReader } from './sentencepiece/index.ts'
import { checkpointReader } from './tf-checkpoint/index.ts'
import { checkpointStateReader } from './tf-checkpoint/state.ts'
import { tensorflowReaders } from './tf-graph/index.ts'
import { tfliteReader } from './tflite/index.ts'
import { tfrecordReader } from './tfrecord/index.ts'
import { torch7Reader } from './torch7/index.ts'
import { xgboostJsonReader, xgboostUbjReader } from './xgboost/index.ts'
import { xmlReader } from './xml/index.ts'
import { yamlReader } from './yaml/index.ts'

/** See the module. */
export const READERS: readonly FormatReader[] = [
  safetensorsReader,
  ggufReader,
  pickleReader,
  onnxReader,
  ...tensorflowReaders,
  checkpointReader,
  checkpointStateReader,
  coreMlReader,
  coreMlWeightsReader,
  ...paddleReaders,
  ...caffeReaders,
  sentencePieceReader,
  torchZipReader,
  torchLegacyReader,
  torchScriptReader,
  torchPackageReader,
  torchExportReader,
  torchTarReader,
  torchModelArchiveReader,
  nemoReader,
  stableBaselinesReader,
  npyReader,
  npzReader,
  skopsReader,
  hdf5Reader,
  kerasReader,
  tfliteReader,
  flaxReader,
  ortReader,
  executorchReader,
  litertLmReader,
  catboostReader,
  rDataReader,
  torch7Reader,
  openvinoReader,
  pmmlReader,
  xgboostJsonReader,
  xgboostUbjReader,
  lightgbmReader,
  fasttextReader,
  ...imageReaders,
  tfrecordReader,
  safetensorsIndexReader,
  hfTokenizerReader,
  hfCardReader,
  ...recognisedReaders,
  joblibZReader,
  llamafileReader,
  ...executableReaders,
  zipReader,
  tarReader,
  gzipReader,
  zlibReader,
  bzip2Reader,
  xzReader,
  lzmaReader,
  zstandardReader,
  lz4Reader,
  kerasConfigReader,
  pythonReader,
  notebookReader,
  pycReader,
  hfConfigReader,
  xmlReader,
  yamlReader,
  textReader,
]
