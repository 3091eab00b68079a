"""
Whether what a long run sampled stayed level. Two looks at each figure. At rest, with the garbage collected, it is afterwards what it was before. Under load, a line is laid through
the samples (the first sixth and at least a minute left out, in which tables fill): it does not climb, where climbing is what is more than twice its own standard error.
"""
import math

from pauses import MEDIA, SERVER
from samples import FIGURES

# Part and number by which a figure may be higher: of memory (MiB), of what a process holds, of what the server counts in its tables.
REST = dict(memory=(0.05, 8), process=(0.05, 5), table=(0.01, 2))
LOAD = dict(memory=(0.10, 8), process=(0.10, 5), table=(0.10, 5))
# Counters that only ever grow are no tables; of these each one more is a fault.
SUMS = ('gc-', 'media-gc-', 'media-late-ticks', 'messages-', 'requests-', 'digest-hashes')
FAULTS = ('unhandled-exceptions', 'replay-differences', 'media-restarts')
RULE = ('level: at rest afterwards memory within 5 % + 8 MiB of before, threads and descriptors within 5 % (or 5), tables within 1 % (or 2); '
        'under load no climb of more than 10 % over the whole time')


def kind_of(name):
    if name.endswith(FIGURES[0]):
        return 'memory'
    return 'process' if ' ' in name else 'table'


def watched(row):
    """The names of all that is to be level."""
    own = [f'{process} {figure}' for process in (SERVER, MEDIA) for figure in FIGURES if f'{process} {figure}' in row]
    return own + [name for name in row if ' ' not in name and name not in ('seconds', 'phase') and not name.startswith(SUMS)]


def allowed(marks, name, base):
    if name in FAULTS:
        return 0
    part, number = marks[kind_of(name)]
    return part * base + number if kind_of(name) == 'memory' else max(part * base, number)


def line(points):
    """How much the line through the points (seconds, value) climbs from the first to the last, the standard error of that, and the mean; points that are too few climb nowhere."""
    count = len(points)
    if count < 3:
        return 0, 0, points[-1][1] if points else 0
    middle, mean = sum(at for at, _ in points) / count, sum(value for _, value in points) / count
    spread = sum((at - middle) ** 2 for at, _ in points)
    slope = sum((at - middle) * (value - mean) for at, value in points) / spread
    rest = sum((value - mean - slope * (at - middle)) ** 2 for at, value in points)
    span = points[-1][0] - points[0][0]
    return slope * span, span * math.sqrt(rest / (count - 2) / spread), mean


def judge(rows, before, after):
    """Each figure: before, after, mean and climb under load, and whether it stayed level."""
    loaded = [row for row in rows if row['phase'] == 'load']
    begin = loaded[0]['seconds'] + max(60, (loaded[-1]['seconds'] - loaded[0]['seconds']) / 6) if loaded else 0
    judged = {}
    for name in watched(before):
        climb, error, mean = line([(row['seconds'], row[name]) for row in loaded if row['seconds'] >= begin and name in row])
        gone = name not in after
        level = not gone and after[name] <= before[name] + allowed(REST, name, before[name]) and climb - 2 * error <= allowed(LOAD, name, mean)
        judged[name] = dict(before=before[name], after=None if gone else after[name], mean=round(mean, 1), climb=round(climb, 1), level=level)
    return judged
