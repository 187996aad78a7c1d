/** TW-TFG: graphs of TensorFlow, Caffe and PaddlePaddle, which are programs that run where they are loaded. */
import type { Rule } from '../rule.ts'

const OVER = ['tf-saved-model', 'tf-metagraph', 'tf-graphdef', 'tf-keras-metadata', 'tf-pbtxt'] as const
const OTHERS = ['caffe', 'caffe-text', 'caffe2', 'paddle'] as const

/** See the module. */
export const TENSORFLOW_RULES: readonly Rule[] = [
  {
    id: 'TW-TFG-01',
    title: 'The graph works on files',
    grade: 'dangerous',
    basis: 'capability',
    cwe: 73,
    atlas: 'AML.T0025',
    sentence: 'File read, write, list or delete operator.',
    meaning:
      'The operator reads, writes, lists or deletes files with the rights of whoever runs the model. A model that answers requests needs none; the input pipeline of a training graph may.',
    remedy: 'Ask the vendor for the graph for inference only, without input pipeline. Run it where no file matters.',
    seen: 'Every node of the graph, of its functions and of graphs within values, and the paths of assets.',
    related: ['PAIT-TF-200'],
    over: [...OVER, ...OTHERS],
    anomalies: ['tfg-file', 'tfg-asset-path', 'net-file'],
  },
  {
    id: 'TW-TFG-02',
    title: 'The graph calls Python or names a library',
    grade: 'dangerous',
    basis: 'capability',
    cwe: 94,
    atlas: 'AML.T0011.000',
    sentence: 'PyFunc-family operator or custom-op library.',
    meaning:
      'A function of Python runs within the process that loaded the model, with all its rights: one that is registered there, or one that the Keras metadata carry as code.',
    remedy: 'Do not load the model. Ask the vendor for one that computes with operators of TensorFlow alone.',
    seen: 'Every node, every text that is the path of a library, and the classes that the Keras metadata name.',
    related: ['PAIT-TF-300', 'CVE-2024-3660'],
    over: [...OVER, ...OTHERS],
    anomalies: ['tfg-python', 'tfg-library', 'tfg-keras-code', 'net-python'],
  },
  {
    id: 'TW-TFG-03',
    title: 'Such an operator does not stand in the graph itself',
    grade: 'dangerous',
    basis: 'capability',
    cwe: 94,
    atlas: 'AML.T0011.000',
    sentence: 'Dangerous operator hidden in a nested GraphDef, function or dataset.',
    meaning:
      'Whoever looks at the nodes of the graph alone does not see an operator that stands in a function or in the graph that a dataset holds as a text; it runs all the same.',
    remedy: 'Do not load the model. Ask the vendor what the function or dataset is for.',
    seen: 'The library of functions, and every text value that parses as a graph, in eight levels.',
    related: [],
    over: OVER,
    anomalies: ['tfg-hidden'],
  },
  {
    id: 'TW-TFG-04',
    title: 'The graph connects or sends out what it sees',
    grade: 'major',
    basis: 'capability',
    cwe: 918,
    atlas: 'AML.T0025',
    sentence: 'Network, debug-dump, RPC or SQL operator.',
    meaning:
      'The operator opens connections or databases, or writes tensors where a debugger is meant to listen, with the rights of whoever runs the model.',
    remedy: 'Ask the vendor for a graph without it, or run it without a network.',
    seen: 'Every node of the graph, of its functions and of graphs within values.',
    related: [],
    over: OVER,
    anomalies: ['tfg-network'],
  },
  {
    id: 'TW-TFG-05',
    title: 'An operator that TensorFlow does not have',
    grade: 'major',
    basis: 'capability',
    cwe: 829,
    atlas: 'AML.T0011.000',
    sentence: 'Operator unknown to the registry.',
    meaning:
      'The model runs only after a native library with the operator was loaded, or in a version of TensorFlow that is not known here. What the operator does is not in the model.',
    remedy: 'Have the library cleared as software, or ask for a model of the operators of TensorFlow.',
    seen: 'The operator of every node against the registry of TensorFlow 2.21 and the functions of the graph.',
    related: [],
    over: OVER,
    anomalies: ['tfg-operator'],
  },
  {
    id: 'TW-TFG-06',
    title: 'Loading the model has effects',
    grade: 'minor',
    basis: 'capability',
    cwe: 94,
    atlas: 'AML.T0011.000',
    sentence: 'Init or restore signature with side effects.',
    meaning: 'The operator runs as soon as the model is loaded or restored, before anybody asked it anything.',
    remedy: 'Do not even load the model to look at it; ask the vendor what it does there.',
    seen: 'What the nodes for initialising, restoring and saving need, through inputs and functions.',
    related: [],
    over: OVER,
    anomalies: ['tfg-load-effect'],
  },
]
