"""Adds up the suites' reports: the ten slowest tests, every failure, and the closing line. Exit code 1 when anything failed."""
import json
import pathlib
import sys

folder = pathlib.Path(sys.argv[1])
tests = [test for report in sorted(folder.glob("*.json")) for test in json.loads(report.read_text())["results"]["tests"]]
died = (folder / "died").read_text().split() if (folder / "died").exists() else []

print("\nTen slowest tests:")
for test in sorted(tests, key=lambda t: -t.get("duration", 0))[:10]:
    print(f"  {test.get('duration', 0) / 1000:8.1f} s  {test['name']}")

failed = [test for test in tests if test["status"] == "failed"]
skipped = [test for test in tests if test["status"] in ("skipped", "pending")]
for test in skipped:
    print(f"SKIPPED {test['name']}: {(test.get('message') or '').splitlines()[:1]}")
for test in failed:
    # Long enough to understand it where the log is all that is left; the middle of a long one is the least of it.
    lines = (test.get("message") or "").splitlines() + (test.get("trace") or "").splitlines()
    shown = lines if len(lines) <= 40 else lines[:25] + ["..."] + lines[-15:]
    print(f"FAILED {test['name']}:", *(line[:300] for line in shown), sep="\n    ")
for test in failed:
    print(f"FAILED {test['name']}: {(test.get('message') or '').splitlines()[:1]}")
for name in died:
    print(f"FAILED suite {name} ended without a report")

passed = sum(test["status"] == "passed" for test in tests)
failures = len(failed) + len(died)
print(f"\n{passed} passed, {failures} failed" + (f", {len(skipped)} skipped" if skipped else ""))
sys.exit(1 if failures or not passed else 0)
