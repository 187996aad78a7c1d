/**
 * What can be wrong with an ONNX model: stable codes, which rules map to grades.
 */
import type { AnomalyMeaning } from '../anomaly-list.ts'

/** See the module. */
export const ANOMALIES = [
  {
    code: 'onx-path-escape',
    format: 'onnx',
    meaning: 'The path of external data leads out of the folder of the model.',
  },
  {
    code: 'onx-memory-address',
    format: 'onnx',
    meaning: "External data is given as an address in the loader's own memory.",
  },
  {
    code: 'onx-external-overlap',
    format: 'onnx',
    meaning: 'Two tensors share some but not all bytes of an external file.',
  },
  {
    code: 'onx-external-size',
    format: 'onnx',
    meaning: 'The length of external data is not what shape and type of the tensor give.',
  },
  {
    code: 'onx-external-number',
    format: 'onnx',
    meaning: 'Place or size of external data is missing or no decimal number that a file can have.',
  },
  { code: 'onx-external-key', format: 'onnx', meaning: 'External data has a key that the format does not know.' },
  {
    code: 'onx-custom-domain',
    format: 'onnx',
    meaning: 'An operator of a domain that neither ONNX nor the model itself defines.',
  },
  {
    code: 'onx-compiled-context',
    format: 'onnx',
    meaning: 'A node holds or names a program that was compiled for one accelerator.',
  },
  { code: 'onx-library', format: 'onnx', meaning: 'A library or a Python operator to load is named.' },
  { code: 'onx-function-cycle', format: 'onnx', meaning: 'A function of the model calls itself, directly or not.' },
  {
    code: 'onx-function-expansion',
    format: 'onnx',
    meaning: 'The functions of the model expand to more nodes or levels than any model has.',
  },
  { code: 'onx-subgraph-depth', format: 'onnx', breaks: true, meaning: 'Graphs are nested deeper than 24 levels.' },
  {
    code: 'onx-opset',
    format: 'onnx',
    meaning: 'The operator set of a domain is used and not imported, or its version is no number from 1 on.',
  },
  {
    code: 'onx-operator',
    format: 'onnx',
    meaning: 'An operator that its domain does not have in the imported version.',
  },
  {
    code: 'onx-tensor-type',
    format: 'onnx',
    breaks: true,
    meaning: 'A tensor has an element type that does not exist.',
  },
  {
    code: 'onx-tensor-size',
    format: 'onnx',
    breaks: true,
    meaning: 'The data of a tensor is not as long as shape and type give.',
  },
  {
    code: 'onx-tensor-data',
    format: 'onnx',
    breaks: true,
    meaning: 'A tensor has a dimension, a kind of data or a mix of places for its data that is not allowed.',
  },
  {
    code: 'onx-odd-characters',
    format: 'onnx',
    meaning: 'The name of a tensor holds control, bidirectional or invisible characters.',
  },
  { code: 'onx-duplicate-tensor', format: 'onnx', meaning: 'Two initialisers of a graph have one name.' },
  { code: 'onx-duplicate-name', format: 'onnx', meaning: 'A value or a function is defined twice.' },
  { code: 'onx-undefined-input', format: 'onnx', meaning: 'A node reads a value that nothing before it defines.' },
  {
    code: 'onx-missing',
    format: 'onnx',
    meaning: 'A part that a model must have is missing: graph, name, operator, version.',
  },
  { code: 'onx-attribute', format: 'onnx', meaning: 'An attribute holds another kind of value than it declares.' },
  { code: 'onx-value-type', format: 'onnx', meaning: 'The declared type of a value does not exist.' },
] as const satisfies readonly AnomalyMeaning[]

/** A code of {@link ANOMALIES}. */
export type OnnxAnomaly = (typeof ANOMALIES)[number]['code']
