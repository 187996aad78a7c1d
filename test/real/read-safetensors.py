"""What stands in the header of a safetensors file, read with nothing but the standard library."""
import json
import struct
import sys

with open(sys.argv[1], "rb") as file:
    (length,) = struct.unpack("<Q", file.read(8))
    header = json.loads(file.read(length))
metadata = header.pop("__metadata__", {})
tensors = [
    {
        "name": name,
        "type": entry["dtype"],
        "shape": entry["shape"],
        "offset": 8 + length + entry["data_offsets"][0],
        "length": entry["data_offsets"][1] - entry["data_offsets"][0],
    }
    for name, entry in header.items()
]
print(json.dumps({"metadata": metadata, "tensors": tensors}))
