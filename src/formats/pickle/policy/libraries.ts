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
const TREES = [
  'kd_tree.KDTree',
  'kd_tree.KDTree64',
  'kd_tree.KDTree32',
  'ball_tree.BallTree',
  'ball_tree.BallTree64',
  'ball_tree.BallTree32',
].map((name) => `sklearn.neighbors._${name}`)
const DISTANCES =
  `Euclidean SEuclidean Manhattan Chebyshev Minkowski Hamming Canberra BrayCurtis Jaccard Matching Dice Kulsinski
  RogersTanimoto RussellRao SokalMichener SokalSneath Haversine`
    .split(/\s+/)
    .flatMap((name) => [`${name}Distance`, `${name}Distance64`, `${name}Distance32`])
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
      state:
        "{'_patch_step_function': never, 'state': {any: any}|<collections.defaultdict>, 'param_groups': [{name: any}], name: any}",
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
      state: `{'_build_f': never, 'X_thresholds_': ${REGRESSION}, 'y_thresholds_': ${REGRESSION}, name: any}`,
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
      globals: ['sklearn.neighbors._kd_tree: newObj', 'sklearn.neighbors._ball_tree: newObj'],
      role: 'function',
      reduce: TREES.map((tree) => `(@${tree})`).join('|'),
      result: '#0',
      rationale: 'An empty tree of the class.',
      ...REVIEWED,
    },
    {
      globals: [
        'sklearn.neighbors._kd_tree: KDTree KDTree64 KDTree32',
        'sklearn.neighbors._ball_tree: BallTree BallTree64 BallTree32',
      ],
      role: 'type',
      state: '(any*)',
      rationale: 'Arrays, numbers and a distance; __setstate__ makes views of the arrays.',
      ...REVIEWED,
    },
    {
      globals: ['sklearn.metrics._dist_metrics: newObj'],
      role: 'function',
      reduce: DISTANCES.map((name) => `(@sklearn.metrics._dist_metrics.${name})`).join('|'),
      result: '#0',
      rationale: 'An empty distance of the class.',
      ...REVIEWED,
    },
    {
      globals: [`sklearn.metrics._dist_metrics: ${DISTANCES.join(' ')}`],
      role: 'type',
      state: '(float, <numpy.ndarray>, <numpy.ndarray>)',
      rationale: 'A number and two arrays.',
      ...REVIEWED,
    },
    {
      globals: [
        `sklearn._loss._loss: CyHalfSquaredError CyAbsoluteError CyPinballLoss CyHuberLoss CyHalfPoissonLoss CyHalfGammaLoss
        CyHalfTweedieLoss CyHalfTweedieLossIdentity CyHalfBinomialLoss CyHalfMultinomialLoss CyExponentialLoss`,
        `sklearn.linear_model._sgd_fast: Hinge SquaredHinge Log ModifiedHuber SquaredLoss Huber EpsilonInsensitive
        SquaredEpsilonInsensitive`,
      ],
      role: 'type',
      reduce: '(float|int*)',
      state: 'none',
      rationale: 'A loss and its numbers.',
      ...REVIEWED,
    },
    plain(
      ['sklearn.linear_model._passive_aggressive: PassiveAggressiveClassifier PassiveAggressiveRegressor'],
      DICT_STATE,
    ),
    {
      globals: ['numpy: mean median std var sum max min log log1p exp expm1 sqrt'],
      role: 'constant',
      rationale: NAMED,
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
