"""How long the garbage collector halts each process of the server while the console works as hard as it may: an open live page, call records that are exported again and again, and saves."""
import os
import threading
import time
import urllib.request

import document
import measure

SAVE_EVERY = 5
# The processes, with what the names of their counters begin with. One of them may carry the sound: what halts it, callers hear.
SERVER, MEDIA = 'server', 'media'
COUNTERS = {SERVER: 'gc-', MEDIA: 'media-gc-'}


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
        # The processes count their collections each on its own; a server that is one process does not name it.
        return [(each.get('process', SERVER), each['collection'], each['at'], each['generation'], each['background'], each['microseconds'])
                for each in (self.server.get('/api/v1/diagnostics/pauses') or dict(items=[]))['items']]

    def fetch(self):
        self.new.update(set(self.read()) - self.old)

    def result(self):
        """What each process gave, by its name."""
        self.fetch()
        after = self.server.counters()
        apart = any(name.startswith(COUNTERS[MEDIA]) for name in after)
        if not apart and measure.media(self.server.pid) is not None:
            raise RuntimeError('the server has a media process, and counts no pauses of it')
        return {process: self.of(process, after) for process in (SERVER, MEDIA)[:1 + apart]}

    def of(self, process, after):
        def grown(name):
            return after[COUNTERS[process] + name] - self.before[COUNTERS[process] + name]

        # Generation, whether in the background, microseconds.
        seen = [pause[3:] for pause in self.new if pause[0] == process]
        longest = max(seen, key=lambda pause: pause[2], default=None)
        return dict(longest_ms=longest[2] / 1000 if longest else 0, longest_generation=longest[0] if longest else None,
                    longest_in_background=bool(longest and longest[1]), pauses=len(seen), total_ms=grown('pauses-total-us') / 1000,
                    # What the runtime counted and nobody saw one by one: no pause among them is longer than all together.
                    unseen_ms=max(0, grown('pauses-total-us') - sum(pause[2] for pause in seen)) / 1000,
                    collections=[grown(f'collections-{generation}') for generation in (0, 1, 2)],
                    by_generation={str(generation): sorted((pause[2] for pause in seen if pause[0] == generation), reverse=True)[:20] for generation in (0, 1, 2)})


def worst(of):
    """The longest that a pause of the process may have been, in ms."""
    return max(of['longest_ms'], of['unseen_ms'])


def words(of):
    kinds = ', '.join(f'{number} of generation {generation}' for generation, number in enumerate(of['collections']))
    where = f', in generation {of["longest_generation"]}' if of['longest_generation'] is not None else ''
    told = f'{of["longest_ms"]:.1f} ms{where}; {kinds}; {of["total_ms"]:.0f} ms together'
    return told + (f', of which {of["unseen_ms"]:.1f} ms were not seen one by one' if of['unseen_ms'] > 0.1 else '')


def tell(processes, must):
    """The pauses in words: of a server with a media process those of both, and whether each is as short as it must be."""
    if MEDIA not in processes:
        return words(processes[SERVER])
    within = {name: f'({"within" if worst(of) <= must else "not within"} {must} ms)' for name, of in processes.items()}
    return (f'pauses that anybody hears (media process) {within[MEDIA]}: {words(processes[MEDIA])}; '
            f'signalling and console (server process) {within[SERVER]}: {words(processes[SERVER])}')


def run(server, folder, page, load):
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
    return dict(load=result, exported=exported, saves=saved, page_changes=after - before, processes=pauses.result())
