"""How long the garbage collector halts the server while the console works as hard as it may: an open live page, call records that are exported again and again, and saves."""
import os
import threading
import time
import urllib.request

import document

SAVE_EVERY = 5


class Repeated(threading.Thread):
    """Does the same again and again until it is ended; its first failure is told at the end."""

    def __init__(self, work, interval=0):
        super().__init__(daemon=True)
        self.work, self.interval, self.ended, self.done, self.failure = work, interval, threading.Event(), 0, None

    def run(self):
        due = time.monotonic()
        while not self.ended.is_set():
            try:
                self.done += self.work() or 0
            except Exception as failure:  # told by end(), where it can be heard
                self.failure = failure
                return
            due += self.interval
            self.ended.wait(max(0, due - time.monotonic()))

    def end(self):
        self.ended.set()
        self.join(60)
        if self.failure is not None:
            raise self.failure
        return self.done


class Console:
    """What people and programs do at the console meanwhile."""

    def __init__(self, server, folder):
        self.server, self.folder, self.saves = server, folder, 0

    def export(self):
        """All call records as a CSV file, as the button of the call history gives it: the number of records."""
        lines = 0
        with (urllib.request.urlopen(self.server.request('GET', '/api/v1/call-records/export'), timeout=60) as answer,
              open(os.path.join(self.folder, 'records.csv'), 'wb') as file):
            while part := answer.read(65536):
                file.write(part)
                lines += part.count(b'\n')
        return lines - 1

    def save(self):
        self.saves += 1
        self.server.put('/api/v1/inboundRules/marker', document.marker(('hangup:unavailable', 'hangup:busy')[self.saves % 2]))
        return 1


class Pauses:
    """The pauses since it was made. The server keeps the last thousand, so they are fetched now and then."""

    def __init__(self, server):
        self.server = server
        self.before, self.old, self.new = server.counters(), set(self.read()), set()

    def read(self):
        return [(each['collection'], each['at'], each['generation'], each['background'], each['microseconds'])
                for each in self.server.get('/api/v1/diagnostics/pauses')['items']]

    def fetch(self):
        self.new.update(set(self.read()) - self.old)

    def result(self):
        self.fetch()
        after = self.server.counters()
        grown = {name: after[name] - self.before[name] for name in after if name.startswith('gc-')}
        longest = max(self.new, key=lambda pause: pause[4], default=None)
        return dict(longest_ms=longest[4] / 1000 if longest else 0, longest_generation=longest[2] if longest else None,
                    longest_in_background=bool(longest and longest[3]), pauses=len(self.new), total_ms=grown['gc-pauses-total-us'] / 1000,
                    # What the runtime counted and nobody saw one by one: no pause among them is longer than all together.
                    unseen_ms=max(0, grown['gc-pauses-total-us'] - sum(pause[4] for pause in self.new)) / 1000,
                    collections=[grown[f'gc-collections-{generation}'] for generation in (0, 1, 2)],
                    by_generation={str(generation): sorted((pause[4] for pause in self.new if pause[2] == generation), reverse=True)[:20] for generation in (0, 1, 2)})


def measure(server, folder, page, load):
    """Runs `load` beside the console's work, with a live page open; what it gave, what the console did, and the pauses."""
    console, pauses, before = Console(server, folder), Pauses(server), page.changes()
    export, save = Repeated(console.export), Repeated(lambda: (console.save(), pauses.fetch())[0], SAVE_EVERY)
    export.start()
    save.start()
    try:
        result = load()
    finally:
        exported, saved, after = export.end(), save.end(), page.changes()
    if after is None or after == before:
        raise RuntimeError('the live page did not live')
    return dict(load=result, exported=exported, saves=saved, page_changes=after - before, **pauses.result())
