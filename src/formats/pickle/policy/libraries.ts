/** Policies of libraries: a proof that needs one holds under the versions that it was vetted for. */
import { SKLEARN_CLASSES, SKLEARN_FUNCTIONS } from './classes-sklearn.ts'
import { TORCH_CLASSES, TORCH_FUNCTIONS, TORCH_OPTIMIZERS } from './classes-torch.ts'
import { REVIEWED, type PicklePolicy, type Signature } from './signature.ts'

/** Classes that are made without arguments and take their attributes from a dict. */
function plain(globals: readonly string[], rationale: string): Signature {
  return { globals, role: 'type', newobj: '()', state: '{name: any}', rationale, ...REVIEWED }
}

const DICT_STATE = 'object.__new__ and a dict into __dict__; what there is of __setstate__ fills in defaults.'
const NAMED = 'Named as a parameter; a pickle may not call it.'
const REGRESSION = '<numpy.ndarray>'

/** See the module. */
export const TORCH_NN: PicklePolicy = {
  id: 'torch-nn',
  title: 'Modules and optimisers of torch',
  versions: 'torch 1.0 to 2.15',
  signatures: [
    plain(TORCH_CLASSES, DICT_STATE),
    {
      globals: TORCH_OPTIMIZERS,
      role: 'type',
      newobj: '()',
      state: "{'state': {any: any}|<collections.defaultdict>, 'param_groups': [{name: any}], name: any}",
      rationale: 'A dict into __dict__; __setstate__ goes through groups and state, which must be dicts.',
      ...REVIEWED,
    },
    {
      globals: [...TORCH_FUNCTIONS, 'torch._C._nn: gelu silu mish linear', 'torch: relu tanh sigmoid'],
      role: 'constant',
      rationale: NAMED,
      ...REVIEWED,
    },
  ],
}

/** See the module. */
export const SKLEARN: PicklePolicy = {
  id: 'sklearn',
  title: 'Estimators of scikit-learn',
  versions: 'scikit-learn 0.20 to 1.9',
  signatures: [
    plain(SKLEARN_CLASSES, DICT_STATE),
    { globals: SKLEARN_FUNCTIONS, role: 'constant', rationale: NAMED, ...REVIEWED },
    {
      globals: ['sklearn.isotonic: IsotonicRegression'],
      role: 'type',
      newobj: '()',
      state: `{'X_thresholds_': ${REGRESSION}, 'y_thresholds_': ${REGRESSION}, name: any}`,
      rationale: 'As the others; __setstate__ interpolates between its thresholds, which must be arrays.',
      ...REVIEWED,
    },
    {
      globals: ['sklearn.ensemble._hist_gradient_boosting.predictor: TreePredictor'],
      role: 'type',
      newobj: '()',
      state: `{'nodes': ${REGRESSION}, name: any}`,
      rationale: 'As the others; __setstate__ may convert its nodes, which must be an array.',
      ...REVIEWED,
    },
    {
      globals: ['sklearn.tree._tree: Tree'],
      role: 'type',
      reduce: '(int, <numpy.ndarray>, int)',
      state: '{name: any}',
      rationale: 'Nodes and values of a tree; __setstate__ checks their types and sizes.',
      ...REVIEWED,
    },
    {
      globals: ['sklearn.utils._bunch, sklearn.utils: Bunch'],
      role: 'type',
      newobj: '()',
      state: '{name: any}',
      items: 'dict',
      rationale: 'A dict; its state is passed over.',
      ...REVIEWED,
    },
  ],
}
