"""What a long run looks like, every ten seconds, as a CSV: memory, threads and descriptors of the server's processes, its counters, and how the calls fare."""
import csv
import os
import threading
import time

import measure
import pauses

EVERY = 10
# Names of our own have a space in them, those of the server's counters have none.
FIGURES = ('memory MiB', 'threads', 'descriptors', 'sockets')
CORES, PAUSE = 'cores', 'longest pause ms'
MADE, FAILED, CHANGES = 'calls made', 'calls failed', 'page changes'


class Samples:
    """Taken from several threads, one at a time; each is on disk at once, so that a run that breaks off can be looked at."""

    def __init__(self, server, page, folder, calls):
        self.server, self.page, self.calls, self.path = server, page, calls, os.path.join(folder, 'soak.csv')
        self.gate, self.began, self.rows, self.phase = threading.Lock(), time.monotonic(), [], ''
        self.pauses, self.cpu, self.at = pauses.Pauses(server), {}, self.began
        self.seen = set(self.pauses.read())

    def take(self, phase=None):
        with self.gate:
            now = time.monotonic()
            row = {'seconds': round(now - self.began, 1), 'phase': self.phase if phase is None else phase}
            for name, pid in self.processes():
                row.update(self.process(name, pid, now - self.at))
            row.update(self.longest(), **self.load(), **self.server.counters())
            self.at = now
            self.rows.append(row)
            self.write(row)
            return row

    def take_one(self):
        """A process may end while it is looked at; the next sample tells."""
        try:
            self.take()
            return 1
        except OSError:
            return 0

    def processes(self):
        media = measure.media(self.server.pid)
        return [(pauses.SERVER, self.server.pid)] + ([(pauses.MEDIA, media)] if media else [])

    def process(self, name, pid, seconds):
        every, sockets = measure.descriptors(pid)
        used, before = measure.cpu_of(pid), self.cpu.get(pid)
        self.cpu[pid] = used
        figures = dict(zip(FIGURES, (round(measure.pss_of(pid) / 1024, 1), measure.threads(pid), every, sockets)))
        figures[CORES] = '' if before is None else round((used - before) / max(seconds, 0.1), 3)
        return {f'{name} {figure}': value for figure, value in figures.items()}

    def longest(self):
        """The longest pause of each process since the last sample."""
        fresh = set(self.pauses.read()) - self.seen
        self.seen |= fresh
        return {f'{name} {PAUSE}': max((pause[-1] for pause in fresh if pause[0] == name), default=0) / 1000 for name, _ in self.processes()}

    def load(self):
        result = measure.sipp_statistics(self.calls) if os.path.exists(self.calls) else {}
        try:
            changes = self.page.changes()
        except (OSError, RuntimeError):
            # Chromium is gone: the run goes on and tells it.
            changes = None
        return {MADE: result.get('calls', 0), FAILED: result.get('failed', 0), CHANGES: '' if changes is None else changes}

    def write(self, row):
        with open(self.path, 'w' if len(self.rows) == 1 else 'a', newline='') as file:
            writer = csv.DictWriter(file, list(self.rows[0]), restval='', extrasaction='ignore')
            if len(self.rows) == 1:
                writer.writeheader()
            writer.writerow(row)
