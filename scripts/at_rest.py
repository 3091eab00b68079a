"""What a suite's log says of servers that were not at rest when their tests were over (tests/Pbx.Scenarios/ServersAtRest.cs)."""
import re


def errors(log):
    """How many things that many tests share did not end well: the runner counts them apart from the tests."""
    return sum(int(count) for count in re.findall(r"Total: \d+, Errors: (\d+)", log.read_text(errors="replace"))) if log.exists() else 0


def not_at_rest(log):
    """The methods whose servers were not at rest; empty when none was, or when something else went wrong."""
    return re.findall(r"Not at rest: the server of ([\w.+]+)", log.read_text(errors="replace")) if errors(log) else []
