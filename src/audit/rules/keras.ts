/** TW-KRS: Keras models, whose configuration says what is imported and called when one is loaded. */
import type { Rule } from '../rule.ts'

const KERAS = ['keras', 'keras-config', 'keras-h5'] as const

/** See the module. */
export const KERAS_RULES: readonly Rule[] = [
  {
    id: 'TW-KRS-01',
    title: 'A Python function is stored in the model',
    grade: 'dangerous',
    basis: 'capability',
    cwe: 94,
    atlas: 'AML.T0011.000',
    sentence: 'Lambda layer or serialised Python function.',
    meaning:
      'Bytecode that stands in the configuration is run when the model is loaded or first used. Keras 3 refuses it unless it is told otherwise; older versions, and every version for HDF5 files, have run it unasked.',
    remedy: 'Ask the vendor for a model without Lambda layers; a registered layer with its source does the same.',
    seen: 'Every object of the configuration, at any depth: layers, wrappers, nested models, compilation.',
    related: ['CVE-2024-3660', 'CVE-2025-9905', 'PAIT-KERAS-301'],
    over: KERAS,
    anomalies: ['krs-lambda'],
  },
  {
    id: 'TW-KRS-02',
    title: 'The configuration names what is no part of Keras',
    grade: 'dangerous',
    basis: 'exploit',
    cwe: 502,
    atlas: 'AML.T0011.000',
    sentence: 'Module or class outside the Keras allow-list at any depth.',
    meaning:
      'Versions of Keras import the module that is named and call what is named in it, with arguments from the file. Naming a function of the operating system is all that it takes.',
    remedy: 'Do not load the model. Ask the vendor why it names this.',
    seen: 'Module, class and registered name of every object, against the names of Keras, of Python and of libraries.',
    related: ['CVE-2025-1550', 'PAIT-KERAS-101'],
    over: KERAS,
    anomalies: ['krs-foreign-class'],
  },
  {
    id: 'TW-KRS-03',
    title: 'The configuration calls a tool of Keras',
    grade: 'dangerous',
    basis: 'exploit',
    cwe: 693,
    atlas: 'AML.T0011.000',
    sentence: 'Config calls a non-modelling API (enable_unsafe_deserialization, get_file).',
    meaning:
      'Functions of Keras that fetch files, write them or switch its own protection off are no layers. Where one stands in the place of a layer, loading the model calls it.',
    remedy: 'Do not load the model. Ask the vendor why it names this.',
    seen: 'Module, class and registered name of every object, and the operations that older layers name.',
    related: ['CVE-2025-8747', 'CVE-2025-9906'],
    over: KERAS,
    anomalies: ['krs-tool'],
  },
  {
    id: 'TW-KRS-04',
    title: 'A layer loads another artefact',
    grade: 'dangerous',
    basis: 'capability',
    cwe: 502,
    atlas: 'AML.T0011.000',
    sentence: 'Loader layer (TorchModuleWrapper, TFSMLayer) pulls in another artefact.',
    meaning:
      'Such a layer unpickles a module, or loads a graph from a path, outside everything that Keras checks. What it loads is code.',
    remedy: 'Ask the vendor for the model in the form of the framework that it was made in, and have that inspected.',
    seen: 'The classes of all layers.',
    related: ['CVE-2025-49655', 'CVE-2026-1462'],
    over: KERAS,
    anomalies: ['krs-loader'],
  },
  {
    id: 'TW-KRS-05',
    title: 'The model needs code that is not in it',
    grade: 'major',
    basis: 'capability',
    cwe: 94,
    atlas: 'AML.T0011.000',
    sentence: "Registered custom object must come from the importer's code.",
    meaning:
      'The model cannot be loaded without Python code that comes on another way, and does what that code does. What was inspected here is only half of it.',
    remedy: 'Have the code declared and inspected together with the model.',
    seen: 'Registered names, and classes that are neither of Keras nor of Python.',
    related: [],
    over: KERAS,
    anomalies: ['krs-custom'],
  },
  {
    id: 'TW-KRS-06',
    title: 'A whole model in the older form',
    grade: 'minor',
    basis: 'capability',
    cwe: 1104,
    atlas: 'AML.T0010.003',
    sentence: 'Legacy whole-model H5 (safe_mode not applied by old Keras).',
    meaning:
      'The form is deprecated, and versions of Keras before 3.11.3 apply no protection when they load it, even where they are told to.',
    remedy: 'Ask the vendor for a .keras file, or for the weights alone.',
    seen: 'Attributes of the root group.',
    related: ['CVE-2025-9905'],
    over: ['keras-h5'],
    anomalies: ['krs-legacy'],
  },
]
