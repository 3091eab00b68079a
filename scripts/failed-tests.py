"""Prints the methods that failed in a suite's report, one a line; nothing when so many did that no single busy moment explains it."""
import json
import pathlib
import sys

MOST = 6
tests = json.loads(pathlib.Path(sys.argv[1]).read_text())["results"]["tests"]
methods = sorted({test["name"].split("(")[0] for test in tests if test["status"] == "failed"})
if len(methods) <= MOST:
    print("\n".join(methods))
