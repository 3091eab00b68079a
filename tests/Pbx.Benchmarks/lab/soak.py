"""An hour at half the limit: the same calls again and again with the live page open, looked at every ten seconds, and at rest before and after."""
import os

import collect
import document
import level
import plot
from pauses import MEDIA, SERVER, Repeated
from samples import CHANGES, EVERY, FIGURES, PAUSE, Samples

# An hour on a busy machine is long: sipp would end itself when it was kept waiting too often.
PATIENT = ['-watchdog_minor_maxtriggers', '1000000', '-watchdog_major_maxtriggers', '1000000']


def run(server, load, page, rate, minutes, rest):
    """What was sampled, judged; `rest` waits until the server has let go of the calls before. The plot is made whatever happens."""
    label, address = 'soak-calls', f'127.0.0.1:{server.sip_port}'
    # A twelfth of the time before it counts: what is made once, such as the cache of the database, is no growth.
    load.of(int(max(5, minutes * 5))).calls('soak-warm', server.pid, address, document.PROMPT, rate, PATIENT)
    samples = Samples(server, page, load.folder, os.path.join(load.folder, label + '.csv'))

    def look(phase):
        rest()
        collect.collect(server.pid)
        return samples.take(phase)

    regular = Repeated(samples.take_one, EVERY)
    regular.start()
    try:
        before = look('before')
        samples.phase = 'load'
        try:
            calls = load.of(int(minutes * 60)).calls(label, server.pid, address, document.PROMPT, rate, PATIENT)
        finally:
            samples.phase = ''
        after = look('after')
    finally:
        try:
            regular.end()
        finally:
            plot.draw(samples.path, os.path.join(load.folder, 'soak.svg'))
    return dict(load=calls, minutes=minutes, rate=rate, page_lived=lived(samples.rows), longest={name: longest(samples.rows, name) for name in (SERVER, MEDIA)},
                figures=level.judge(samples.rows, before, after))


def lived(rows):
    """Whether the live page still changed in the last quarter of the load."""
    loaded = [row[CHANGES] for row in rows if row['phase'] == 'load']
    return len(loaded) > 1 and '' not in loaded[-1:] and loaded[-1] != loaded[-max(2, len(loaded) // 4)]


def longest(rows, process):
    name = f'{process} {PAUSE}'
    return max((row[name] for row in rows if row['phase'] == 'load' and name in row), default=None)


def failures(result, held):
    """Everything that did not stay as it was, in words."""
    wrong = [f'{name} {of["before"]:g}, then {of["after"]}, climbed {of["climb"]:+g}' for name, of in result['figures'].items() if not of['level']]
    if not held:
        wrong.append('calls failed')
    if not result['page_lived']:
        wrong.append('the live page stood still')
    return wrong


def words(result, wrong):
    calls, told = result['load'], []
    for name, of in result['figures'].items():
        if any(name.endswith(figure) for figure in FIGURES):
            told.append(f'{name} {of["before"]:g} and {of["after"]} (under load {of["mean"]:g}, {of["climb"]:+g})')
    tables = sum(1 for name in result['figures'] if ' ' not in name)
    pauses = ', '.join(f'{name} {ms:.1f} ms' for name, ms in result['longest'].items() if ms is not None)
    return (f'{result["minutes"]:g} minutes at {result["rate"]} calls/s: {calls.get("calls", 0):,} calls, {calls.get("failed", 0):,} failed, {calls["cores"]:.2f} core; at rest before and after: '
            f'{", ".join(told)}; {tables} tables of the server; not level: {"; ".join(wrong) or "nothing"}; longest pause {pauses} ({level.RULE})')
