/**
 * The schema of CatBoost models, as data.
 *
 * Source: `model.fbs`, `ctr_data.fbs` and `features.fbs` of CatBoost 1.2.
 */
import { parseSchema } from '../flatbuffer/schema.ts'

/** Everything below a `ModelCore`, and a `CtrValueTable`. */
export const CATBOOST_SCHEMA = parseSchema(`
KeyValue: key string, value string
FloatFeature: hasNans bool, index i32, flatIndex i32, borders [f32], featureId string, nanValueTreatment i8
CatFeature: index i32, flatIndex i32, featureId string, usedInModel bool
TextFeature: index i32, flatIndex i32, featureId string, usedInModel bool
EmbeddingFeature: index i32, flatIndex i32, featureId string, dimension i32, usedInModel bool
EstimatedFeature: sourceFeatureIndex i32, calcerId {16:4}, localIndex i32, borders [f32], sourceFeatureType i8
OneHotFeature: index i32, values [i32], stringValues [string]
FeatureCombination: catFeatures [i32], floatSplits [{8:4}], oneHotSplits [{8:4}]
ModelCtrBase: featureCombination FeatureCombination, ctrType i8, targetBorderClassifierIdx i32
ModelCtr: base ModelCtrBase, targetBorderIdx i32, priorNum f32, priorDenom f32, shift f32, scale f32
CtrFeature: ctr ModelCtr, borders [f32]
Trees: approxDimension i32, treeSplits [i32], treeSizes [i32], treeStartOffsets [i32], catFeatures [CatFeature], floatFeatures [FloatFeature], oneHotFeatures [OneHotFeature], ctrFeatures [CtrFeature], leafValues [f64], leafWeights [f64], nonSymmetricStepNodes [{4:2}], nonSymmetricNodeIdToLeafId [u32], textFeatures [TextFeature], estimatedFeatures [EstimatedFeature], scale f64, bias f64, multiBias [f64], repackedBins [{4:2}], embeddingFeatures [EmbeddingFeature]
CtrValueTable: modelCtrBase ModelCtrBase, indexHashRaw [u8], ctrBlob [u8], counterDenominator i32, targetClassesCount i32
ModelCore: formatVersion string, trees Trees, infoMap [KeyValue], modelPartIds [string]
`)
