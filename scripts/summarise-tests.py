"""
Adds up the suites' reports: the ten slowest tests, every failure, and the closing line. What failed and then passed when run again, alone
(folder "again"), is counted as passed and printed as unsteady, with how it failed; so is a test whose server was not at rest. Exit code 1 when
anything failed.
"""
import json
import pathlib
import sys

from at_rest import errors, not_at_rest

folder = pathlib.Path(sys.argv[1])


def read(reports):
    return [test for report in sorted(reports) for test in json.loads(report.read_text())["results"]["tests"]]


tests = read(folder.glob("*.json"))
second = {test["name"]: test for test in read(folder.glob("again/*.json"))}
# What many tests share and that did not end well is no test's failure: the runner counts it as an error.
unclean = [log for log in sorted(folder.glob("*.log")) if errors(log)]


def rested(method):
    """Run again alone, it passed and left a server at rest."""
    log = folder / "again" / f"{method}.log"
    return log.exists() and not errors(log) and any(name.split("(")[0] == method and test["status"] == "passed" for name, test in second.items())


restless = [method for log in unclean for method in not_at_rest(log)]
unclean = [log.stem for log in unclean if not not_at_rest(log) or not all(rested(method) for method in not_at_rest(log))]
died = (folder / "died").read_text().split() if (folder / "died").exists() else []

print("\nTen slowest tests:")
for test in sorted(tests, key=lambda t: -t.get("duration", 0))[:10]:
    print(f"  {test.get('duration', 0) / 1000:8.1f} s  {test['name']}")

unsteady = [test for test in tests if test["status"] == "failed" and second.get(test["name"], {}).get("status") == "passed"]
failed = [test for test in tests if test["status"] == "failed" and test not in unsteady]
skipped = [test for test in tests if test["status"] in ("skipped", "pending")]
for test in skipped:
    print(f"SKIPPED {test['name']}: {(test.get('message') or '').splitlines()[:1]}")
for word, test in [("UNSTEADY", test) for test in unsteady] + [("FAILED", test) for test in failed]:
    # Long enough to understand it where the log is all that is left; the middle of a long one is the least of it.
    lines = (test.get("message") or "").splitlines() + (test.get("trace") or "").splitlines()
    shown = lines if len(lines) <= 40 else lines[:25] + ["..."] + lines[-15:]
    print(f"{word} {test['name']}:", *(line[:300] for line in shown), sep="\n    ")
for test in failed:
    print(f"FAILED {test['name']}: {(test.get('message') or '').splitlines()[:1]}")
for test in unsteady:
    print(f"UNSTEADY {test['name']}: failed, then passed when run again alone")
for method in restless:
    print(f"{'UNSTEADY' if rested(method) else 'FAILED'} {method}: its server was not at rest at its end (see the log above)")
for name in died:
    print(f"FAILED suite {name} ended without a report")
for name in unclean:
    print(f"FAILED suite {name}: what its tests share did not end well (see its log above)")

passed = sum(test["status"] == "passed" for test in tests) + len(unsteady)
failures = len(failed) + len(died) + len(unclean)
print(f"\n{len(skipped)} skipped (long runs are started by name, docs/reliability.md), {len(unsteady) + sum(rested(method) for method in restless)} passed only when run again")
print(f"{passed} passed, {failures} failed")
sys.exit(1 if failures or not passed else 0)
