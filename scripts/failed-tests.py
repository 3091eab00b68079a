"""
Prints the methods that failed in a suite's report, or left a server that was not at rest, one a line; nothing when so many did that no single
busy moment explains it.
"""
import json
import pathlib
import sys

from at_rest import not_at_rest

MOST = 6
report = pathlib.Path(sys.argv[1])
tests = json.loads(report.read_text())["results"]["tests"]
methods = sorted({test["name"].split("(")[0] for test in tests if test["status"] == "failed"} | set(not_at_rest(report.with_suffix(".log"))))
if len(methods) <= MOST:
    print("\n".join(methods))
