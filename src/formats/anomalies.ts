/**
 * Every anomaly code that a reader or the machinery around it can note, as data.
 *
 * `audit/` maps each of them to a rule and the documentation lists them; a test sees to it that no code is emitted
 * that is not here. A code is never reused for another meaning.
 */
import type { AnomalyMeaning } from './anomaly-list.ts'
import { ANOMALIES as COMPRESSED } from './compressed/anomalies.ts'
import { ANOMALIES as CORE_ML } from './core-ml/anomalies.ts'
import { ANOMALIES as EXECUTABLE } from './executable/anomalies.ts'
import { ANOMALIES as FASTTEXT } from './fasttext/anomalies.ts'
import { ANOMALIES as FLATBUFFER } from './flatbuffer/anomalies.ts'
import { ANOMALIES as FLAX } from './flax/anomalies.ts'
import { ANOMALIES as GENERAL } from './general-anomalies.ts'
import { ANOMALIES as EXECUTORCH } from './executorch/anomalies.ts'
import { ANOMALIES as GGUF } from './gguf/anomalies.ts'
import { ANOMALIES as GRAPH_CODE } from './graph-code/anomalies.ts'
import { ANOMALIES as HDF5 } from './hdf5/anomalies.ts'
import { ANOMALIES as IMAGE } from './image/anomalies.ts'
import { ANOMALIES as CARD } from './hf-card/anomalies.ts'
import { ANOMALIES as TOKENIZER } from './hf-tokenizer/anomalies.ts'
import { ANOMALIES as JSON_TEXT } from './json/anomalies.ts'
import { ANOMALIES as ONNX } from './onnx/anomalies.ts'
import { ANOMALIES as PADDLE } from './paddle/anomalies.ts'
import { ANOMALIES as NPY } from './npy/anomalies.ts'
import { KERAS_ANOMALIES } from './keras-config/index.ts'
import { ANOMALIES as PICKLE } from './pickle/anomalies.ts'
import { ANOMALIES as PROTOBUF } from './protobuf/anomalies.ts'
import { ANOMALIES as LIGHTGBM } from './lightgbm/anomalies.ts'
import { ANOMALIES as LITERT_LM } from './litert-lm/anomalies.ts'
import { ANOMALIES as OPENVINO } from './openvino/anomalies.ts'
import { ANOMALIES as ORT } from './ort/anomalies.ts'
import { ANOMALIES as R_DATA } from './r-data/anomalies.ts'
import { ANOMALIES as PYC } from './pyc/anomalies.ts'
import { ANOMALIES as RECOGNISED } from './recognised/anomalies.ts'
import { ANOMALIES as SAFETENSORS } from './safetensors/anomalies.ts'
import { ANOMALIES as INDEX } from './safetensors-index/anomalies.ts'
import { ANOMALIES as SKOPS } from './skops/anomalies.ts'
import { ANOMALIES as TAR } from './tar/anomalies.ts'
import { ANOMALIES as TEXT } from './text/anomalies.ts'
import { ANOMALIES as TORCH } from './torch/anomalies.ts'
import { ANOMALIES as ZIP } from './zip/anomalies.ts'
import { ANOMALIES as SENTENCEPIECE } from './sentencepiece/anomalies.ts'
import { ANOMALIES as TF_CHECKPOINT } from './tf-checkpoint/anomalies.ts'
import { ANOMALIES as TF_GRAPH } from './tf-graph/anomalies.ts'
import { ANOMALIES as TFLITE } from './tflite/anomalies.ts'
import { ANOMALIES as TFRECORD } from './tfrecord/anomalies.ts'
import { ANOMALIES as TORCH7 } from './torch7/anomalies.ts'
import { ANOMALIES as XGBOOST } from './xgboost/anomalies.ts'
import { ANOMALIES as XML } from './xml/anomalies.ts'

/** See the module. */
export const ANOMALIES: readonly AnomalyMeaning[] = [
  ...GENERAL,
  ...SAFETENSORS,
  ...INDEX,
  ...GGUF,
  ...PICKLE,
  ...NPY,
  ...SKOPS,
  ...TORCH,
  ...RECOGNISED,
  ...JSON_TEXT,
  ...TOKENIZER,
  ...CARD,
  ...TEXT,
  ...ZIP,
  ...COMPRESSED,
  ...TAR,
  ...EXECUTABLE,
  ...PROTOBUF,
  ...ONNX,
  ...TF_GRAPH,
  ...TF_CHECKPOINT,
  ...GRAPH_CODE,
  ...CORE_ML,
  ...PADDLE,
  ...SENTENCEPIECE,
  ...HDF5,
  ...KERAS_ANOMALIES,
  ...FLATBUFFER,
  ...TFLITE,
  ...FLAX,
  ...ORT,
  ...EXECUTORCH,
  ...LITERT_LM,
  ...R_DATA,
  ...TORCH7,
  ...XML,
  ...OPENVINO,
  ...XGBOOST,
  ...LIGHTGBM,
  ...FASTTEXT,
  ...IMAGE,
  ...TFRECORD,
  ...PYC,
]
