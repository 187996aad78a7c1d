/**
 * Policies for what trainers leave beside weights: arguments, enumerations, states. Source: the classes named; all are
 * dataclasses or plain classes without `__setstate__`, `__reduce__` or `__del__`, or enumerations.
 */
import { REVIEWED as VETTED, type PicklePolicy, type Signature } from './signature.ts'

/** These libraries were not installed where the policies were written: a second reader has yet to go through them. */
const REVIEWED = { ...VETTED, reviewer: 'Tidewaiter; awaits a second reader' } as const

function classes(...globals: readonly string[]): Signature {
  return {
    globals,
    role: 'type',
    newobj: '()',
    state: '{name: any}',
    rationale: 'object.__new__ and a dict into __dict__.',
    ...REVIEWED,
  }
}

function enums(...globals: readonly string[]): Signature {
  return {
    globals,
    role: 'enum',
    reduce: '(str|int)',
    hashable: true,
    rationale: 'A member of an enumeration, looked up by its value.',
    ...REVIEWED,
  }
}

/** See the module. */
export const TRANSFORMERS: PicklePolicy = {
  id: 'transformers',
  title: 'Training arguments of transformers and accelerate',
  versions: 'transformers 4.0 to 4.57, accelerate 0.16 to 1.10',
  signatures: [
    classes(
      'transformers.training_args: TrainingArguments',
      'transformers.training_args_seq2seq: Seq2SeqTrainingArguments',
      'transformers.deepspeed, transformers.integrations.deepspeed: HfTrainerDeepSpeedConfig HfDeepSpeedConfig',
      'transformers.trainer_pt_utils: AcceleratorConfig',
      'accelerate.state: PartialState AcceleratorState',
      'accelerate.utils.dataclasses: DeepSpeedPlugin',
      'trl.trainer.sft_config: SFTConfig',
      'trl.trainer.dpo_config: DPOConfig',
      'trl.trainer.reward_config: RewardConfig',
    ),
    enums(
      'transformers.trainer_utils: SchedulerType IntervalStrategy HubStrategy EvaluationStrategy FSDPOption SaveStrategy',
      'transformers.training_args: OptimizerNames',
      'transformers.debug_utils: DebugOption',
      'accelerate.utils.dataclasses: DistributedType PrecisionType',
    ),
  ],
}

/** See the module. */
export const LIGHTNING: PicklePolicy = {
  id: 'lightning',
  title: 'Checkpoints of Lightning, pyannote and OmegaConf',
  versions: 'lightning 1.5 to 2.5, pyannote.audio 2.0 to 3.4, omegaconf 2.0 to 2.3',
  signatures: [
    classes(
      'pyannote.audio.core.task: Specifications',
      'pyannote.audio.core.model: Introspection',
      'omegaconf.base: Metadata ContainerMetadata',
    ),
    {
      globals: ['omegaconf.listconfig: ListConfig', 'omegaconf.dictconfig: DictConfig', 'omegaconf.nodes: AnyNode'],
      role: 'type',
      newobj: '()',
      state: '{name: any}',
      rationale: 'A dict into __dict__ and, for containers, the type of their elements out of `typing`.',
      ...REVIEWED,
    },
    {
      globals: [
        'pytorch_lightning.callbacks.early_stopping, lightning.pytorch.callbacks.early_stopping: EarlyStopping',
        'pytorch_lightning.callbacks.model_checkpoint, lightning.pytorch.callbacks.model_checkpoint: ModelCheckpoint',
      ],
      role: 'constant',
      rationale: 'Named as the key of what a callback keeps.',
      hashable: true,
      ...REVIEWED,
    },
    enums('pyannote.audio.core.task: Problem Resolution'),
  ],
}

/** See the module. */
export const FLAIR: PicklePolicy = {
  id: 'flair',
  title: 'Dictionaries of flair',
  versions: 'flair 0.8 to 0.15',
  signatures: [classes('flair.data: Dictionary')],
}

/** See the module. */
export const ULTRALYTICS: PicklePolicy = {
  id: 'ultralytics',
  title: 'Models of ultralytics',
  versions: 'ultralytics 8.0 to 8.3',
  signatures: [
    classes(
      'ultralytics.nn.tasks: DetectionModel SegmentationModel ClassificationModel PoseModel OBBModel',
      `ultralytics.nn.modules.block, ultralytics.nn.modules: C1 C2 C2f C3 C3k C3k2 C2PSA PSABlock Attention Bottleneck
      BottleneckCSP DFL Proto SPP SPPF ADown RepNCSPELAN4 SPPELAN RepCSP RepBottleneck`,
      'ultralytics.nn.modules.conv, ultralytics.nn.modules: Conv DWConv Concat ConvTranspose RepConv',
      'ultralytics.nn.modules.head, ultralytics.nn.modules: Detect Segment Classify Pose OBB',
      'ultralytics.utils, ultralytics.yolo.utils: IterableSimpleNamespace',
      'ultralytics.utils.loss: v8DetectionLoss v8SegmentationLoss BboxLoss',
      'ultralytics.utils.tal: TaskAlignedAssigner',
    ),
  ],
}
