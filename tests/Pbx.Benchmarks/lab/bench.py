#!/usr/bin/env python3
"""Measures the server, Kamailio and the limits of the machine in one run, and prints the table of docs/performance.md.
Called by ./bench.sh, which has built everything before. See there and docs/performance.md for the settings."""
import datetime
import json
import math
import os
import platform
import signal
import statistics
import subprocess
import sys
import time
import traceback

import browser
import change
import collect
import contacts
import document
import kamailio
import measure
import parts
import pauses
import report
import secure
import soak
import startup
import tlsphones
from load import CALLER, FAR_PORT, FAR_SIDE, PHONES, Load
from report import all_rows, table
from server import ADMIN, PASSWORD, Server

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), '..', '..', '..'))
PARTS = os.path.join(ROOT, 'tests', 'Pbx.Benchmarks', 'bin', 'Release', 'net10.0', 'Pbx.Benchmarks')
SECONDS = int(os.environ.get('BENCH_SECONDS', '40'))
EXTENSIONS = int(os.environ.get('BENCH_EXTENSIONS', '10000'))
SERVER_CORE, LOAD_CORE = int(os.environ.get('BENCH_SERVER_CORE', '1')), int(os.environ.get('BENCH_LOAD_CORE', '0'))
# Transactions are kept for 32 s; a short run is for trying out only and need not wait for them.
LINGER = 35
REST = LINGER if SECONDS >= 30 else 3
USERS = 1000
CONTACTS = 100_000
STEPS = os.environ.get('BENCH_STEPS', '').split()
# Too long for a run of everything.
BY_NAME_ONLY = ('soak',)
SOAK_MINUTES, SOAK_RATE = float(os.environ.get('BENCH_SOAK_MINUTES', '60')), int(os.environ.get('BENCH_SOAK_RATE', '0'))


def say(text):
    print(f'{time.strftime("%H:%M:%S")} {text}', file=sys.stderr, flush=True)


def holds(result, wanted):
    """All were served, with fewer than 0.1 % failures, and as many asked again."""
    return result.get('ok', 0) >= 0.999 * wanted and max(result['failed'], result['retransmissions']) <= 0.001 * wanted


def relays(result, calls):
    """Whether the calls were held, and words: what was lost and how late it came; where it was not the server that failed, what else. The load's core is one too."""
    p99 = result['delay_p99_us']
    held = result['up'] == calls and result['offered_pct'] >= 99 and result['loss_pct'] < 0.1 and 0 <= p99 <= 10_000
    words = [f'loss {result["loss_pct"]:.3f} %, delay p50 {result["delay_p50_us"] / 1000:.2f} ms, p99 {p99 / 1000:.2f} ms, {result["srv_cores"]:.2f} core, load {result["own_cores"]:.2f} core']
    if result['up'] < calls:
        words.append(f'{result["up"]:,} calls up')
    if result['offered_pct'] < 99:
        words.append(f'the load sent {result["offered_pct"]:.0f} % of the packets')
    for count, what in ((result['own_drops'], "were lost at the load's own socket"), (result['refused'], 'were not what their keys say')):
        if count:
            words.append(f'{count:,} packets {what}')
    if not held and result['srv_cores'] <= 0.9:
        words.append('the load was the limit' if result['own_cores'] > 0.9 else f'neither filled its core (others used {result["other_cores"]:.1f})')
    return held, ', '.join(words)


class Bench:
    """One run: its folder, its server, its results."""

    def __init__(self, folder):
        self.folder, self.rows, self.limits = folder, all_rows(EXTENSIONS), {}
        self.load, self.password = Load(folder, LOAD_CORE, SECONDS), PASSWORD
        self.server = Server(os.path.join(ROOT, 'artifacts', 'pbx', 'pbx'), folder, SERVER_CORE)
        self.address = f'127.0.0.1:{self.server.sip_port}'
        self.users = self.users_file('users', 0, USERS)
        # A part of the row's aim, which only that step can show.
        self.rows['registration'].notes['contacts'], self.rows['registration'].misses_aim = f'with {CONTACTS:,} contacts not measured', True

    def run(self):
        self.guarded(self.limit_tools)
        self.guarded(self.kamailio)
        try:
            say('prepare')
            self.prepare()
            for step in (self.endpoints, self.registration, self.registration_rate, self.bridged, self.prompts, self.relay, self.secure, self.call_memory, self.configuration_change, self.call_rate,
                         self.pause, self.soak, self.start, self.tls_phones, self.contacts):
                self.guarded(step)
        finally:
            self.server.stop()
        self.guarded(self.parts_alone)
        self.guarded(self.shards)
        if not STEPS:
            self.rows['soak'].leave('it takes an hour, and is asked for by name: BENCH_STEPS=soak')
        for row in self.rows.values():
            if STEPS and row.value is None and row.measured == report.PENDING:
                row.leave('only some steps were asked for')

    def guarded(self, step):
        """A step that fails leaves its rows as not measured, and the run goes on."""
        if step.__name__ not in STEPS if STEPS else step.__name__ in BY_NAME_ONLY:
            return
        say(step.__name__)
        try:
            step()
        except Exception:  # whatever it was, the other rows are still worth having
            traceback.print_exc()

    def users_file(self, name, first, number, contacts=1):
        path = os.path.join(self.folder, name + '.csv')
        document.write_users(path, first, number, contacts)
        return path

    def ladder(self, name, step):
        """The highest rate that held: what must be first, then the aim or what lies between; or less. `step` returns (held?, words)."""
        row, held, words = self.rows[name], [0], []

        def hold(rate):
            ok, said = step(rate)
            words.append(f'{rate:,} {"held" if ok else "failed"}: {said}')
            say('  ' + words[-1])
            if ok:
                held.append(rate)
            self.server.settle(30)
            return ok

        must, aim = row.marks
        if hold(must):
            if not hold(aim):
                hold(int(round(math.sqrt(must * aim), -1)))
        elif not hold(must // 2):
            hold(must // 4)
        row.put(f'{max(held):,} ({"; ".join(words)})', max(held))
        return max(held)

    # The limits and the peer

    def limit_tools(self):
        def median(field, *arguments):
            command = ['taskset', '-c', f'{LOAD_CORE},{SERVER_CORE}', os.path.join(self.folder, 'udppps'), *map(str, arguments)]
            return statistics.median(json.loads(subprocess.run(command, stdout=subprocess.PIPE, timeout=60).stdout)[field] for _ in range(3))
        length = min(3, SECONDS)
        self.limits['send'] = median('send_us', 'single', 200, length, 1, 1, SERVER_CORE, LOAD_CORE)
        self.limits['relay'] = median('recv_us', 'relay', 200, length, 200, 1, LOAD_CORE, SERVER_CORE)
        srtp = subprocess.run(['taskset', '-c', str(SERVER_CORE), os.path.join(self.folder, 'srtpbench'), '300000'], stdout=subprocess.PIPE, timeout=60, check=True).stdout
        self.limits['libsrtp2'] = max(json.loads(srtp.splitlines()[0])[field] for field in ('protect_us', 'unprotect_us'))
        say('  ' + ', '.join(f'{name} {us:.2f} us' for name, us in self.limits.items()))

    def kamailio(self):
        address = '127.0.0.11:15062'
        peer = kamailio.start(self.folder, [(document.user_of(i), document.password_of(i)) for i in range(USERS)], *address.split(':'), SERVER_CORE)
        try:
            time.sleep(3)
            self.load.registrations('kamailio-warm', peer.pid, address, self.users, 500, 1000)
            result = self.load.registrations('kamailio', peer.pid, address, self.users, 1000)
            if not holds(result, 1000 * SECONDS):
                raise RuntimeError(f'Kamailio did not hold 1,000 registrations/s: {result}')
            self.limits['Kamailio'] = result['us']
            say(f'  {result["us"]:.0f} us for a registration')
        finally:
            peer.send_signal(signal.SIGTERM)
            peer.wait(10)

    def times(self, limit, us):
        """A cost as so many times a limit of this run: the number and its words; both empty when the limit is not known."""
        if limit not in self.limits:
            return None, f'{limit} was not measured'
        return us / self.limits[limit], f'{us / self.limits[limit]:.{1 if us > self.limits[limit] else 2}f} x {limit} ({self.limits[limit]:.1f} us)'

    # The server

    def prepare(self):
        self.server.start()
        began = time.monotonic()
        self.server.put('/api/v1/configuration', document.make(EXTENSIONS, CALLER, FAR_SIDE, FAR_PORT))
        say(f'  {EXTENSIONS:,} extensions applied in {time.monotonic() - began:.1f} s')
        self.server.settle(120)
        # What the compiler of the runtime makes of the hot paths is part of no row.
        self.load.registrations('warm', self.server.pid, self.address, self.users, 500, 500 * min(20, 2 * SECONDS))
        self.load.calls('warm-calls', self.server.pid, self.address, document.PROMPT, 50)
        self.load.bridged('warm-bridge', self.server.pid, self.address, 20)
        self.load.held('warm-relay', self.server.pid, self.address, 'bridge', 50, seconds=5)
        self.server.settle()

    def held_memory(self):
        """KiB of the server once its garbage is collected."""
        collect.collect(self.server.pid)
        return measure.pss(self.server.pid)

    def memory(self, name, kib, words):
        if kib > 0:
            self.rows[name].put(f'{kib:.1f} KiB, {words}', kib)
        else:
            self.rows[name].leave(f'the process shrank meanwhile ({kib:.1f} KiB, {words}): run longer steps')

    def endpoints(self):
        users = self.users_file('further', USERS, EXTENSIONS - USERS)
        time.sleep(REST)
        before = self.held_memory()
        result = self.load.registrations('endpoints', self.server.pid, self.address, users, 1000, EXTENSIONS - USERS)
        time.sleep(REST)
        kib = (self.held_memory() - before) / result['ok']
        self.memory('endpoint', kib, f'{result["ok"]:,} endpoints')

    def registration(self):
        result = self.load.registrations('registration', self.server.pid, self.address, self.users, 1000)
        few = self.load.registrations('registration-few', self.server.pid, self.address, self.users_file('few', 0, 100), 1000)
        many = self.load.registrations('registration-many', self.server.pid, self.address, self.users_file('many', 0, EXTENSIONS), 1000)
        self.rows['registration'].put(f'{result["us"]:.0f} us with {USERS:,} users; {few["us"]:.0f} with 100, {many["us"]:.0f} with {EXTENSIONS:,}; failed {result["failed"]}',
                                      *self.times('Kamailio', result['us']))

    def registration_rate(self):
        def step(rate):
            result = self.load.registrations(f'rate-{rate}', self.server.pid, self.address, self.users, rate)
            return holds(result, rate * SECONDS), f'{result["failed"]:,} failed, {result["retransmissions"]:,} sent again, {result["cores"]:.2f} core'
        self.ladder('registrations', step)

    def bridged(self):
        result = self.load.bridged('bridged', self.server.pid, self.address, 100)
        self.rows['bridged'].put(f'{result["us"] / 1000:.2f} ms at 100/s; failed {result["failed"]}', *self.times('Kamailio', result['us']))

    def call_rate(self):
        def step(rate):
            result = self.load.calls(f'calls-{rate}', self.server.pid, self.address, document.PROMPT, rate)
            return holds(result, rate * SECONDS), f'{result["failed"]:,} failed, answered after {result["answer_ms"]:.0f} ms, {result["cores"]:.2f} core'
        limit = self.ladder('calls', step)
        if limit == 0:
            self.rows['overload'].leave('no rate was held')
            return
        result = self.load.calls('overload', self.server.pid, self.address, document.PROMPT, 2 * limit)
        # The last calls last a second, in which none is begun.
        share = 100 * result['ok'] / max(SECONDS, result['wall'] - 1) / limit
        self.rows['overload'].put(f'{share:.0f} % ({2 * limit:,} calls/s offered, {result["failed"]:,} failed)', share)
        self.server.settle(90)

    def pause(self):
        # Half of what was held; when that was not measured, half of what must be.
        rate = (self.rows['calls'].value or self.rows['calls'].marks[0]) // 2

        def run(label, page, load):
            result = pauses.run(self.server, self.folder, page, lambda: load.calls(label + '-calls', self.server.pid, self.address, document.PROMPT, rate))
            return load.keep(label, result)

        with browser.Page(f'http://127.0.0.1:{self.server.http_port}') as page:
            self.password = page.open_live(ADMIN, self.password)
            run('pause-warm', page, self.load.of(max(3, SECONDS // 4)))
            result = run('pause', page, self.load)
        self.server.settle(30)
        calls, processes, row = result['load'], result['processes'], self.rows['pause']
        if not holds(calls, rate * SECONDS):
            say(f'  {rate} calls/s were not held: {calls["failed"]} failed')
        words = (f'{pauses.tell(processes, row.marks[0])}; {rate} calls/s, {calls["failed"]:,} failed, {calls["cores"]:.2f} core; {result["exported"]:,} records exported, '
                 f'{result["saves"]} saves, {result["page_changes"]:,} changes of the page')
        say('  ' + words)
        longest = {name: pauses.worst(of) for name, of in processes.items()}
        if pauses.MEDIA in longest:
            row.put_parts(words, 'sound', longest[pauses.MEDIA], dict(signalling=longest[pauses.SERVER]))
        else:
            row.put(words, longest[pauses.SERVER])

    def soak(self):
        # Half of what was held; when that was not measured, half of what must be.
        rate = SOAK_RATE or (self.rows['calls'].value or self.rows['calls'].marks[0]) // 2
        with browser.Page(f'http://127.0.0.1:{self.server.http_port}') as page:
            self.password = page.open_live(ADMIN, self.password)
            result = self.load.keep('soak', soak.run(self.server, self.load, page, rate, SOAK_MINUTES, lambda: (self.server.settle(90), time.sleep(LINGER))))
        wrong = soak.failures(result, holds(result['load'], rate * SOAK_MINUTES * 60))
        words = soak.words(result, wrong)
        say('  ' + words)
        self.rows['soak'].put(words, len(wrong))

    def prompts(self):
        def step(calls):
            result = self.load.held(f'prompts-{calls}', self.server.pid, self.address, 'prompt', calls)
            p99 = result['pacing_err_p99_ms']
            return (result['up'] == calls and result['of_nominal_pct'] >= 99.9 and 0 <= p99 <= 5,
                    f'{result["of_nominal_pct"]:.2f} % of the packets, pacing p50 {result["pacing_err_p50_ms"]:.1f} ms, p99 {p99:.1f} ms, {result["srv_cores"]:.2f} core')
        self.packet('prompt_packet', 'send', self.load.held('prompt-packet', self.server.pid, self.address, 'prompt', 300))
        self.ladder('prompts', step)

    def relay(self):
        light = self.load.held('relay-100', self.server.pid, self.address, 'bridge', 100)
        self.packet('relayed_packet', 'relay', light)
        p50, p99 = light['delay_p50_us'] / 1000, light['delay_p99_us'] / 1000
        self.rows['delay'].put(f'{p50:.2f} / {p99:.2f} ms', max(p50 / 0.3, p99 / 0.8))
        self.ladder('relayed', lambda calls: relays(self.load.held(f'relay-{calls}', self.server.pid, self.address, 'bridge', calls), calls))

    def secure(self):
        certificate, address = secure.make_certificate(self.folder), f'127.0.0.1:{self.server.sip_port + 1}'

        def hold(label, calls, seconds=None):
            with secure.trunks(self.server, certificate):
                return self.load.held_secure(label, self.server.pid, address, calls, certificate, seconds)

        hold('warm-secure', 50, 5)
        self.server.settle()
        self.ladder('secure', lambda calls: relays(hold(f'secure-{calls}', calls), calls))

    def call_memory(self):
        before = self.held_memory()
        with subprocess.Popen(self.load.held_command(self.server.pid, self.address, 'bridge', 300, 20), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL):
            time.sleep(14)
            calls = self.server.counters()['calls']
            kib = (self.held_memory() - before) / calls
        self.memory('call_memory', kib, f'{calls} calls')
        self.server.settle(30)

    def packet(self, name, limit, result):
        if not result.get('received'):
            raise RuntimeError(f'no packet came: {result}')
        us = result['us_per_pkt']
        self.rows[name].put(f'{us:.1f} us with {result["up"]} calls, {result["srv_cores"]:.2f} core', *self.times(limit, us))

    def configuration_change(self):
        with subprocess.Popen(self.load.held_command(self.server.pid, self.address, 'bridge', 100, max(15, SECONDS)), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL):
            time.sleep(8)
            result = self.load.keep('change', change.measure_changes(self.server, CALLER))
        acted, longest = result['acted_ms'], result['longest_answer_ms']
        if not acted:
            raise RuntimeError(f'no change was seen: {result}')
        # The aim has two parts; the longest answer is not worth more than its own.
        middle = statistics.median(acted)
        self.rows['change'].put(f'median {middle:.0f} ms, worst {acted[-1]:.0f} ms of {len(acted)}; longest answer {longest:.0f} ms; unanswered {result["unanswered"]}',
                                max(middle, 20.1) if longest > 10 else middle)

    def start(self):
        times = []
        for _ in range(3):
            self.server.stop()
            times.append(startup.time_start(self.server, PHONES, document.number_of(0), document.user_of(0), document.password_of(0)))
            if times[-1] is None:
                raise RuntimeError('the server accepted no registration within a minute')
            self.server.wait(self.server.is_ready, 60, 'the server is ready')
        seconds = [each['seconds'] for each in self.load.keep('start', dict(times=times))['times']]
        self.rows['start'].put(f'{statistics.median(seconds):.2f} s ({", ".join(f"{each:.2f}" for each in seconds)})', statistics.median(seconds))

    def tls_phones(self):
        self.server.stop()
        self.server.start()
        self.server.settle()
        result = self.load.keep('tls', tlsphones.measure_phones(self.server, PHONES, USERS, min(5, REST)))
        if not result['phones']:
            raise RuntimeError(f'no phone registered over TLS: {result}')
        words = f'{result["per_second"]:.0f}/s, {result["phones"]:,} phones, {result["failed"]} failed, {result["server_cores"]:.2f} core'
        self.rows['handshakes'].put(words + ('' if result['server_cores'] > 0.9 else '; the load was the limit'), result['per_second'])
        self.memory('phone', result['kib_per_phone'], f'{result["phones"]:,} phones')

    # Its parts

    def contacts(self):
        # The last step of the server: no other row is to be measured beside so many.
        self.server.forget_registrations()
        self.server.settle()
        result = self.load.keep('contacts', contacts.measure_contacts(self.load, self.server, self.users_file, EXTENSIONS, CONTACTS, lambda: (time.sleep(REST), self.held_memory())[1]))
        registration, endpoint = self.rows['registration'], self.rows['endpoint']
        registration.notes['contacts'], registration.misses_aim = contacts.words(result), not contacts.is_flat(result)
        endpoint.notes['contacts'] = f'{result["kib"]:.1f} KiB each with {result["held"]:,}, {result["each"]} of each extension'
        # Of the two sizes the worse counts.
        endpoint.value = endpoint.value and max(endpoint.value, result['kib'])
        for row in (registration, endpoint):
            say('  ' + row.notes['contacts'])

    def parts_alone(self):
        found = parts.run(PARTS, self.folder, SERVER_CORE, SECONDS < 10)
        srtp = {method.lower(): us for (kind, method, suite), (us, _) in found.items() if kind == 'SrtpBenchmarks' and suite == 'AES_CM_128_HMAC_SHA1_80'}
        garbage = {method.lower(): size for (kind, method, _), (_, size) in found.items() if kind == 'MediaBenchmarks' and size is not None}
        queue = {strategy: us for (kind, _, strategy), (us, _) in found.items() if kind == 'QueueBenchmarks'}
        worst = max(srtp.values())
        self.rows['srtp'].put(', '.join(f'{way} {us:.2f} us' for way, us in srtp.items()), *self.times('libsrtp2', worst))
        self.rows['allocation'].put(', '.join(f'{way} {size:.0f} bytes' for way, size in garbage.items()), max(garbage.values()))
        self.rows['queue'].put(', '.join(f'{strategy} {us:.1f} us' for strategy, us in queue.items()), max(queue.values()))

    def shards(self):
        found = parts.run_shards(PARTS, self.folder, f'{LOAD_CORE},{SERVER_CORE}', max(3, SECONDS // 4))

        def words(kind):
            of = found[kind]
            return (f'{kind} {of["ratio"]:.2f} x ({of["perSecondWithOne"]:,.0f} and {of["perSecondWithTwo"]:,.0f}/s; {of["cpuMicrosecondsWithOne"]:.0f} and '
                    f'{of["cpuMicrosecondsWithTwo"]:.0f} us of CPU each)')
        waited = max(each['waitedCores'] for each in found['rounds'])
        told = ', '.join(map(words, ('calls', 'registrations')))
        if waited > 0.3:
            told += f'; others had up to {waited:.1f} cores: the machine was not quiet'
        say('  ' + told)
        self.rows['shards'].put(told, min(found[kind]['ratio'] for kind in ('calls', 'registrations')))


def heading():
    def git(*arguments):
        return subprocess.run(['git', '-C', ROOT, *arguments], stdout=subprocess.PIPE, text=True).stdout.strip()
    with open('/proc/cpuinfo') as file:
        model = next((line.split(':', 1)[1].strip() for line in file if line.startswith('model name')), platform.machine())
    return (f'{datetime.date.today()}, commit {git("rev-parse", "--short", "HEAD")}{" with changes" if git("status", "--porcelain", "-uno") else ""}, '
            f'{os.cpu_count()} cores of {model}, Linux {platform.release()}, steps of {SECONDS} s, server on core {SERVER_CORE}, load on core {LOAD_CORE}')


def main():
    # Whatever is started here runs beside the load, unless it is told otherwise.
    os.sched_setaffinity(0, {LOAD_CORE})
    began, stolen = time.monotonic(), measure.host()[1]
    bench = Bench(os.environ['BENCH_FOLDER'])
    bench.run()
    minutes = (time.monotonic() - began) / 60
    text = f'{heading()}\n\n{table(bench.rows)}\n\nIn the same run: ' + ', '.join(f'{name} {us:.2f} us' for name, us in bench.limits.items())
    text += f'. {minutes:.0f} minutes, of which a hypervisor took {measure.host()[1] - stolen:.0f} s of CPU.'
    if SECONDS < 40:
        text += f'\n\nSteps of {SECONDS} s show that it runs, and nothing of the speed.'
    with open(os.path.join(bench.folder, 'table.md'), 'w') as file:
        file.write(text + '\n')
    print(text)


if __name__ == '__main__':
    main()
