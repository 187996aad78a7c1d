/**
 * The messages of TensorFlow: saved models, graphs, checkpoints, and what Keras 2 stored beside them.
 *
 * Source: field numbers of the `.proto` files of TensorFlow 2.21, `tensorflow/core/framework` and `core/protobuf`; the
 * table is printed by `make-schemas.py`. Names of the messages of Keras begin with Keras where both have the same.
 */
import { parseSchema, type Schema } from '../protobuf/schema.ts'

/** See the module. */
export const TENSORFLOW_SCHEMA: Schema = parseSchema(`
SavedModel 1:saved_model_schema_version:int64 2:meta_graphs:MetaGraphDef*
BundleHeaderProto 1:num_shards:int32 2:endianness:enum 3:version:VersionDef
BundleEntryProto 1:dtype:enum 2:shape:TensorShapeProto 3:shard_id:int32 4:offset:int64 5:size:int64 6:crc32c:fixed32
  7:slices:TensorSliceProto*
SavedMetadata 1:nodes:KerasObject*
TrackableObjectGraph 1:nodes:TrackableObjectGraph.TrackableObject*
MetaGraphDef 1:meta_info_def:MetaGraphDef.MetaInfoDef 2:graph_def:GraphDef 3:saver_def:SaverDef
  4:collection_def:MetaGraphDef.CollectionDefEntry* 5:signature_def:MetaGraphDef.SignatureDefEntry*
  6:asset_file_def:AssetFileDef* 7:object_graph_def:SavedObjectGraph
VersionDef 1:producer:int32 2:min_consumer:int32 3:bad_consumers:int32*
TensorShapeProto 2:dim:TensorShapeProto.Dim* 3:unknown_rank:bool
TensorSliceProto 1:extent:TensorSliceProto.Extent*
KerasObject 2:node_id:int32 3:node_path:string 4:identifier:string 5:metadata:string 6:version:VersionDef
TrackableObjectGraph.TrackableObject 1:children:TrackableObjectGraph.TrackableObject.ObjectReference*
  2:attributes:TrackableObjectGraph.TrackableObject.SerializedTensor*
  3:slot_variables:TrackableObjectGraph.TrackableObject.SlotVariableReference* 4:registered_saver:RegisteredSaver
  5:has_checkpoint_values:BoolValue
MetaGraphDef.MetaInfoDef 1:meta_graph_version:string 2:stripped_op_list:OpList 3:any_info:Any 4:tags:string*
  5:tensorflow_version:string 6:tensorflow_git_version:string 7:stripped_default_attrs:bool
  8:function_aliases:MetaGraphDef.MetaInfoDef.FunctionAliasesEntry*
GraphDef 1:node:NodeDef* 2:library:FunctionDefLibrary 3:version:int32 4:versions:VersionDef
  5:debug_info:GraphDebugInfo
SaverDef 1:filename_tensor_name:string 2:save_tensor_name:string 3:restore_op_name:string 4:max_to_keep:int32
  5:sharded:bool 6:keep_checkpoint_every_n_hours:float 7:version:enum
MetaGraphDef.CollectionDefEntry 1:key:string 2:value:CollectionDef
MetaGraphDef.SignatureDefEntry 1:key:string 2:value:SignatureDef
AssetFileDef 1:tensor_info:TensorInfo 2:filename:string
SavedObjectGraph 1:nodes:SavedObject* 2:concrete_functions:SavedObjectGraph.ConcreteFunctionsEntry*
TensorShapeProto.Dim 1:size:int64 2:name:string
TensorSliceProto.Extent 1:start:int64 2:length:int64
TrackableObjectGraph.TrackableObject.ObjectReference 1:node_id:int32 2:local_name:string
TrackableObjectGraph.TrackableObject.SerializedTensor 1:name:string 2:full_name:string 3:checkpoint_key:string
TrackableObjectGraph.TrackableObject.SlotVariableReference 1:original_variable_node_id:int32 2:slot_name:string
  3:slot_variable_node_id:int32
RegisteredSaver 1:name:string 2:object_name:string
BoolValue 1:value:bool
OpList 1:op:OpDef*
Any 1:type_url:string 2:value:bytes
MetaGraphDef.MetaInfoDef.FunctionAliasesEntry 1:key:string 2:value:string
NodeDef 1:name:string 2:op:string 3:input:string* 4:device:string 5:attr:NodeDef.AttrEntry*
  6:experimental_debug_info:NodeDef.ExperimentalDebugInfo 7:experimental_type:FullTypeDef
FunctionDefLibrary 1:function:FunctionDef* 2:gradient:GradientDef* 3:registered_gradients:RegisteredGradient*
GraphDebugInfo 1:files:string* 2:traces:GraphDebugInfo.TracesEntry* 4:frames_by_id:GraphDebugInfo.FramesByIdEntry*
  5:name_to_trace_id:GraphDebugInfo.NameToTraceIdEntry* 6:traces_by_id:GraphDebugInfo.TracesByIdEntry*
CollectionDef 1:node_list:CollectionDef.NodeList 2:bytes_list:CollectionDef.BytesList
  3:int64_list:CollectionDef.Int64List 4:float_list:CollectionDef.FloatList 5:any_list:CollectionDef.AnyList
SignatureDef 1:inputs:SignatureDef.InputsEntry* 2:outputs:SignatureDef.OutputsEntry* 3:method_name:string
  4:defaults:SignatureDef.DefaultsEntry*
TensorInfo 1:name:string 2:dtype:enum 3:tensor_shape:TensorShapeProto 4:coo_sparse:TensorInfo.CooSparse
  5:composite_tensor:TensorInfo.CompositeTensor
SavedObject 1:children:TrackableObjectGraph.TrackableObject.ObjectReference*
  3:slot_variables:TrackableObjectGraph.TrackableObject.SlotVariableReference* 4:user_object:SavedUserObject
  5:asset:SavedAsset 6:function:SavedFunction 7:variable:SavedVariable
  8:bare_concrete_function:SavedBareConcreteFunction 9:constant:SavedConstant 10:resource:SavedResource
  11:saveable_objects:SavedObject.SaveableObjectsEntry* 12:captured_tensor:CapturedTensor 13:registered_name:string
  14:serialized_user_proto:Any 15:dependencies:TrackableObjectGraph.TrackableObject.ObjectReference*
  16:registered_saver:string
SavedObjectGraph.ConcreteFunctionsEntry 1:key:string 2:value:SavedConcreteFunction
OpDef 1:name:string 2:input_arg:OpDef.ArgDef* 3:output_arg:OpDef.ArgDef* 4:attr:OpDef.AttrDef* 5:summary:string
  6:description:string 8:deprecation:OpDeprecation 16:is_aggregate:bool 17:is_stateful:bool 18:is_commutative:bool
  19:allows_uninitialized_input:bool 20:control_output:string* 21:is_distributed_communication:bool
NodeDef.AttrEntry 1:key:string 2:value:AttrValue
NodeDef.ExperimentalDebugInfo 1:original_node_names:string* 2:original_func_names:string*
FullTypeDef 1:type_id:enum 2:args:FullTypeDef* 3:s:string 4:i:int64
FunctionDef 1:signature:OpDef 3:node_def:NodeDef* 4:ret:FunctionDef.RetEntry* 5:attr:FunctionDef.AttrEntry*
  6:control_ret:FunctionDef.ControlRetEntry* 7:arg_attr:FunctionDef.ArgAttrEntry*
  8:resource_arg_unique_id:FunctionDef.ResourceArgUniqueIdEntry*
GradientDef 1:function_name:string 2:gradient_func:string
RegisteredGradient 1:gradient_func:string 2:registered_op_type:string
GraphDebugInfo.FramesByIdEntry 1:key:fixed64 2:value:GraphDebugInfo.FileLineCol
GraphDebugInfo.TracesByIdEntry 1:key:fixed64 2:value:GraphDebugInfo.StackTrace
GraphDebugInfo.TracesEntry 1:key:string 2:value:GraphDebugInfo.StackTrace
GraphDebugInfo.NameToTraceIdEntry 1:key:string 2:value:fixed64
CollectionDef.NodeList 1:value:string*
CollectionDef.BytesList 1:value:bytes*
CollectionDef.Int64List 1:value:int64*
CollectionDef.FloatList 1:value:float*
CollectionDef.AnyList 1:value:Any*
SignatureDef.InputsEntry 1:key:string 2:value:TensorInfo
SignatureDef.OutputsEntry 1:key:string 2:value:TensorInfo
SignatureDef.DefaultsEntry 1:key:string 2:value:TensorProto
TensorInfo.CooSparse 1:values_tensor_name:string 2:indices_tensor_name:string 3:dense_shape_tensor_name:string
TensorInfo.CompositeTensor 1:type_spec:TypeSpecProto 2:components:TensorInfo*
SavedUserObject 1:identifier:string 2:version:VersionDef 3:metadata:string
SavedAsset 1:asset_file_def_index:int32
SavedFunction 1:concrete_functions:string* 2:function_spec:FunctionSpec
SavedVariable 1:dtype:enum 2:shape:TensorShapeProto 3:trainable:bool 4:synchronization:enum 5:aggregation:enum
  6:name:string 7:device:string 8:experimental_distributed_variable_components:SavedVariable*
SavedBareConcreteFunction 1:concrete_function_name:string 2:argument_keywords:string*
  3:allowed_positional_arguments:int64 4:function_spec:FunctionSpec
SavedConstant 1:operation:string
SavedResource 1:device:string
CapturedTensor 1:name:string 2:concrete_function:string
SavedObject.SaveableObjectsEntry 1:key:string 2:value:SaveableObject
SavedConcreteFunction 2:bound_inputs:int32* 3:canonicalized_input_signature:StructuredValue
  4:output_signature:StructuredValue
OpDef.ArgDef 1:name:string 2:description:string 3:type:enum 4:type_attr:string 5:number_attr:string
  6:type_list_attr:string 7:handle_data:ResourceHandleProto.DtypeAndShape* 16:is_ref:bool
  17:experimental_full_type:FullTypeDef
OpDef.AttrDef 1:name:string 2:type:string 3:default_value:AttrValue 4:description:string 5:has_minimum:bool
  6:minimum:int64 7:allowed_values:AttrValue
OpDeprecation 1:version:int32 2:explanation:string
AttrValue 1:list:AttrValue.ListValue 2:s:bytes 3:i:int64 4:f:float 5:b:bool 6:type:enum 7:shape:TensorShapeProto
  8:tensor:TensorProto 9:placeholder:string 10:func:NameAttrList
FunctionDef.AttrEntry 1:key:string 2:value:AttrValue
FunctionDef.ArgAttrEntry 1:key:uint32 2:value:FunctionDef.ArgAttrs
FunctionDef.ResourceArgUniqueIdEntry 1:key:uint32 2:value:uint32
FunctionDef.RetEntry 1:key:string 2:value:string
FunctionDef.ControlRetEntry 1:key:string 2:value:string
GraphDebugInfo.FileLineCol 1:file_index:int32 2:line:int32 3:col:int32 4:func:string 5:code:string
GraphDebugInfo.StackTrace 1:file_line_cols:GraphDebugInfo.FileLineCol* 2:frame_id:fixed64*
TensorProto 1:dtype:enum 2:tensor_shape:TensorShapeProto 3:version_number:int32 4:tensor_content:bytes
  5:float_val:float* 6:double_val:double* 7:int_val:int32* 8:string_val:bytes* 9:scomplex_val:float*
  10:int64_val:int64* 11:bool_val:bool* 12:dcomplex_val:double* 13:half_val:int32*
  14:resource_handle_val:ResourceHandleProto* 15:variant_val:VariantTensorDataProto* 16:uint32_val:uint32*
  17:uint64_val:uint64* 18:float8_val:bytes
TypeSpecProto 1:type_spec_class:enum 2:type_state:StructuredValue 3:type_spec_class_name:string
  4:num_flat_components:int32
FunctionSpec 1:fullargspec:StructuredValue 2:is_method:bool 5:input_signature:StructuredValue 6:jit_compile:enum
SaveableObject 2:save_function:int32 3:restore_function:int32
StructuredValue 1:none_value:NoneValue 11:float64_value:double 12:int64_value:sint64 13:string_value:string
  14:bool_value:bool 31:tensor_shape_value:TensorShapeProto 32:tensor_dtype_value:enum
  33:tensor_spec_value:TensorSpecProto 34:type_spec_value:TypeSpecProto
  35:bounded_tensor_spec_value:BoundedTensorSpecProto 51:list_value:ListValue 52:tuple_value:TupleValue
  53:dict_value:DictValue 54:named_tuple_value:NamedTupleValue 55:tensor_value:TensorProto
  56:numpy_value:TensorProto
ResourceHandleProto.DtypeAndShape 1:dtype:enum 2:shape:TensorShapeProto
AttrValue.ListValue 2:s:bytes* 3:i:int64* 4:f:float* 5:b:bool* 6:type:enum* 7:shape:TensorShapeProto*
  8:tensor:TensorProto* 9:func:NameAttrList*
NameAttrList 1:name:string 2:attr:NameAttrList.AttrEntry*
FunctionDef.ArgAttrs 1:attr:FunctionDef.ArgAttrs.AttrEntry*
ResourceHandleProto 1:device:string 2:container:string 3:name:string 4:hash_code:uint64 5:maybe_type_name:string
  6:dtypes_and_shapes:ResourceHandleProto.DtypeAndShape*
VariantTensorDataProto 1:type_name:string 2:metadata:bytes 3:tensors:TensorProto*
NoneValue
TensorSpecProto 1:name:string 2:shape:TensorShapeProto 3:dtype:enum
BoundedTensorSpecProto 1:name:string 2:shape:TensorShapeProto 3:dtype:enum 4:minimum:TensorProto
  5:maximum:TensorProto
ListValue 1:values:StructuredValue*
TupleValue 1:values:StructuredValue*
DictValue 1:fields:DictValue.FieldsEntry*
NamedTupleValue 1:name:string 2:values:PairValue*
NameAttrList.AttrEntry 1:key:string 2:value:AttrValue
FunctionDef.ArgAttrs.AttrEntry 1:key:string 2:value:AttrValue
DictValue.FieldsEntry 1:key:string 2:value:StructuredValue
PairValue 1:key:string 2:value:StructuredValue
HubModule 1:format:enum
FingerprintDef 1:saved_model_checksum:uint64 2:graph_def_program_hash:uint64 3:signature_def_hash:uint64
  4:saved_object_graph_hash:uint64 5:checkpoint_hash:uint64 6:version:VersionDef 7:uuid:string
`)
