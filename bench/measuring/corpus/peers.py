"""Runs one scanner over many files: `peers.py NAME ROOT`, paths as a JSON list on standard input, answers as JSON.

An answer is found, suspicious, clean, skipped or error, each as the scanner itself says it in its default settings; an
error is also what takes more than 20 s for one file.
"""

import json
import logging
import os
import pathlib
import signal
import sys
import time
import warnings

warnings.filterwarnings("ignore")
logging.disable(logging.CRITICAL)
os.environ.update(PROMPTFOO_DISABLE_TELEMETRY="1", NO_ANALYTICS="1", DO_NOT_TRACK="1", CI="1")


def picklescan():
    from picklescan.scanner import SafetyLevel, scan_file_path

    def scan(path):
        result = scan_file_path(str(path))
        if result.issues_count > 0 or result.infected_files > 0:
            return "found"
        if result.scan_err:
            return "error"
        if result.scanned_files == 0:
            return "skipped"
        return "suspicious" if any(each.safety == SafetyLevel.Suspicious for each in result.globals) else "clean"

    return scan


def modelscan():
    from modelscan.modelscan import ModelScan

    def scan(path):
        result = ModelScan().scan(path)
        summary = result["summary"]
        if summary["total_issues"] > 0:
            high = summary["total_issues_by_severity"]
            return "found" if high.get("CRITICAL", 0) + high.get("HIGH", 0) > 0 else "suspicious"
        if result["errors"]:
            return "error"
        return "clean" if summary["scanned"]["total_scanned"] > 0 else "skipped"

    return scan


def fickling():
    from fickling.analysis import Severity, check_safety
    from fickling.fickle import StackedPickle

    def scan(path):
        with open(path, "rb") as file:
            pickles = StackedPickle.load(file, fail_on_decode_error=False)
        if len(pickles) == 0:
            return "skipped"
        worst = max(check_safety(each).severity for each in pickles)
        if worst >= Severity.LIKELY_UNSAFE:
            return "found"
        return "suspicious" if worst > Severity.LIKELY_SAFE else "clean"

    return scan


def modelaudit():
    from modelaudit.core import scan_model_directory_or_file

    def scan(path):
        result = scan_model_directory_or_file(str(path))
        levels = {str(getattr(issue.severity, "value", issue.severity)).lower() for issue in result.issues}
        if "critical" in levels:
            return "found"
        if "warning" in levels:
            return "suspicious"
        return "clean" if result.files_scanned > 0 else "skipped"

    return scan


SCANNERS = {"picklescan": picklescan, "modelscan": modelscan, "fickling": fickling, "modelaudit": modelaudit}
MOST_SECONDS = 20
WORST = ("found", "suspicious", "error", "skipped", "clean")


def give_up(_signal, _frame):
    raise TimeoutError


def scan_case(scan, path):
    files = [path] if path.is_file() else sorted(each for each in path.rglob("*") if each.is_file())
    outcomes = []
    for file in files:
        signal.alarm(MOST_SECONDS)
        try:
            outcomes.append(scan(file))
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt):
                raise
            outcomes.append("error")
        finally:
            signal.alarm(0)
    read = [each for each in outcomes if each != "skipped"] or ["skipped"]
    return min(read, key=WORST.index)


def main():
    signal.signal(signal.SIGALRM, give_up)
    scan = SCANNERS[sys.argv[1]]()
    root = pathlib.Path(sys.argv[2])
    answers = {}
    out = os.dup(1)
    os.dup2(2, 1)
    for path in json.load(sys.stdin):
        begun = time.perf_counter()
        outcome = scan_case(scan, root / path)
        answers[path] = {"outcome": outcome, "seconds": time.perf_counter() - begun}
    os.write(out, json.dumps(answers).encode())


main()
