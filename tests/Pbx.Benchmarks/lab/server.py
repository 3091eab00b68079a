"""The server under load: its processes on one core, with a data directory of their own."""
import json
import os
import signal
import subprocess
import time
import urllib.error
import urllib.request

import measure

ADMIN, PASSWORD = 'admin@example.test', 'Correct-Horse-7-Battery'
TOKEN = 'pbx_' + '0123456789abcdef' * 4


class Server:
    """Starts the published program and speaks to its API."""

    def __init__(self, program, folder, core, sip_port=15060, http_port=18080):
        self.program, self.folder, self.core, self.sip_port, self.http_port = program, folder, core, sip_port, http_port
        self.process = None
        self.log = open(os.path.join(folder, 'server.log'), 'a')

    @property
    def pid(self):
        return self.process.pid

    @property
    def command(self):
        return ['taskset', '-c', str(self.core), self.program]

    def environment(self):
        """As delivered, but for addresses, and for limits that are there to stop what a load does."""
        limits = dict(Transactions=2_000_000, CallsPerExtension=100_000, CallsPerAddress=100_000, CallsPerMinute=100_000, FailuresPerAddress=1000,
                      GuessesPerAccount=1000, ConnectionsPerAddress=100_000, Connections=100_000)
        settings = dict(PBX__Data=os.path.join(self.folder, 'data'), PBX__Http__Urls=f'http://127.0.0.1:{self.http_port}', PBX__Sip__Bind='127.0.0.1',
                        PBX__Sip__Port=self.sip_port, PBX__Sip__TlsPort=self.sip_port + 1, PBX__Rtp__PortRange='20000-59999', PBX__Sip__MaxCalls=100_000,
                        PBX__Setup__AdminEmail=ADMIN, PBX__Setup__AdminPassword=PASSWORD, PBX__Setup__ApiToken=TOKEN,
                        PBX__Audio__SharedCache=os.path.join(os.path.dirname(self.folder), 'phrases'))
        return {**os.environ, **{key: str(value) for key, value in settings.items()}, **{f'PBX__Sip__Limits__{key}': str(value) for key, value in limits.items()}}

    def start(self):
        self.process = subprocess.Popen(self.command, env=self.environment(), stdout=self.log, stderr=self.log, stdin=subprocess.DEVNULL)
        self.wait(self.is_ready, 120, 'the server is ready')

    def is_ready(self):
        return self.get('/health/ready', parse=False) is not None

    def stop(self):
        if self.process is None:
            return
        sound = measure.media(self.pid)
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None
        self.outlive(sound)

    @staticmethod
    def outlive(sound):
        """The next server would share core and ports with a media process that is left over."""
        until = time.monotonic() + 10
        while sound is not None and measure.is_media(sound):
            if time.monotonic() > until:
                os.kill(sound, signal.SIGKILL)
            time.sleep(0.02)

    def forget_registrations(self):
        """Starts it anew without the contacts of the run before."""
        self.stop()
        os.unlink(os.path.join(self.folder, 'data', 'registrations'))
        self.start()

    def get(self, path, parse=True):
        """What the API says; None while it does not answer."""
        try:
            with urllib.request.urlopen(self.request('GET', path), timeout=30) as response:
                text = response.read()
                return json.loads(text) if parse else text
        except OSError:
            return None

    def put(self, path, body):
        try:
            with urllib.request.urlopen(self.request('PUT', path, body), timeout=600) as response:
                return json.loads(response.read())
        except urllib.error.HTTPError as refused:
            raise RuntimeError(f'PUT {path}: {refused.code} {refused.read().decode(errors="replace")[:2000]}') from refused

    def request(self, method, path, body=None):
        return urllib.request.Request(f'http://127.0.0.1:{self.http_port}{path}', method=method, data=None if body is None else json.dumps(body).encode(),
                                      headers={'Authorization': 'Bearer ' + TOKEN, 'Content-Type': 'application/json'})

    def counters(self):
        return self.get('/api/v1/diagnostics/counters') or {}

    def wait(self, condition, seconds, what):
        until = time.monotonic() + seconds
        while not condition():
            if self.process is not None and self.process.poll() is not None:
                raise RuntimeError(f'The server ended with {self.process.returncode}: see {self.log.name}')
            if time.monotonic() > until:
                raise RuntimeError(f'Not within {seconds} s: {what}')
            time.sleep(0.1)

    def settle(self, seconds=60):
        """Waits until no call is left and its processes do next to nothing (phrases are spoken by programs of their own, records written)."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            before, speaks = measure.cpu(self.pid), bool(measure.passing(self.pid))
            time.sleep(1)
            counters, speaks = self.counters(), speaks or bool(measure.passing(self.pid))
            if not speaks and measure.cpu(self.pid) - before < 0.1 and not any(counters.get(name) for name in ('calls', 'rtp-ports', 'queued-writes')):
                return
