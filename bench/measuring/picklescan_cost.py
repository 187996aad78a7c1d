"""Prints what picklescan costs on a file or a folder: processor seconds of the scan alone, without start and imports."""
import json
import resource
import sys
import time

from picklescan.scanner import scan_directory_path, scan_file_path

path = sys.argv[1]
scan = scan_directory_path if path.endswith("/") else scan_file_path
before = time.process_time()
result = scan(path)
cost = time.process_time() - before
print(json.dumps({"cpu": cost, "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024, "scanned": result.scanned_files}))
