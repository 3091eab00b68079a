"""The loads: registrations and calls by sipp, held calls with sound by rtpcalls. Each returns one dictionary of what was measured."""
import copy
import json
import os
import socket
import subprocess
import time

import document
import measure
import secure

HERE = os.path.dirname(os.path.abspath(__file__))
CALLER, PHONES, FAR_SIDE, FAR_PORT = '127.0.0.21', '127.0.0.20', '127.0.0.31', 15070


class Load:
    """Everything that is sent at a server, from one core."""

    def __init__(self, folder, core, seconds):
        self.folder, self.core, self.seconds = folder, core, seconds
        self.journal = open(os.path.join(folder, 'runs.jsonl'), 'a')
        self.sinks = [self.bind(CALLER, 15090), self.bind(FAR_SIDE, 15092)]

    @staticmethod
    def bind(address, port):
        """A socket that nobody reads: what is sent there ends at the kernel's door, and no ICMP error goes back."""
        sink = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        sink.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        sink.bind((address, port))
        return sink

    def of(self, seconds):
        """The same load in steps of another length."""
        other = copy.copy(self)
        other.seconds = seconds
        return other

    def keep(self, label, result):
        self.journal.write(json.dumps(dict(run=label, at=time.strftime('%H:%M:%S'), **result)) + '\n')
        self.journal.flush()
        return result

    def sipp(self, label, pid, server, scenario, address, rate, count, more):
        """Runs sipp until `count` calls are over."""
        statistics = os.path.join(self.folder, label + '.csv')
        if os.path.exists(statistics):
            os.unlink(statistics)
        command = ['taskset', '-c', str(self.core), 'sipp', server, '-i', address, '-p', '15080', '-sf', os.path.join(HERE, 'sipp', scenario), '-r', str(rate),
                   '-m', str(count), '-l', '200000', '-trace_stat', '-stf', statistics, '-fd', '1', '-nostdin', '-timeout', str(int(count / rate) + 20),
                   '-max_retrans', '5', '-buff_size', '4000000', *more]
        result = measure.run(command, pid, count / rate + 60)
        text = result.pop('text')
        if os.path.exists(statistics):
            result.update(measure.sipp_statistics(statistics))
        if not result.get('ok'):
            result['tail'] = text[-600:]
        result['us'] = result['cpu'] * 1e6 / max(1, result.get('ok', 0))
        return self.keep(label, result)

    def registrations(self, label, pid, server, users, rate, count=None):
        """Registers users again and again: 401, then 200."""
        return self.sipp(label, pid, server, 'register.xml', PHONES, rate, count or rate * self.seconds, ['-inf', users])

    def calls(self, label, pid, server, number, rate, more=()):
        """Calls of one second; their sound goes nowhere."""
        return self.sipp(label, pid, server, 'call.xml', CALLER, rate, rate * self.seconds,
                         ['-s', number, '-d', '1000', '-key', 'sink_ip', CALLER, '-key', 'sink_port', '15090', *more])

    def bridged(self, label, pid, server, rate):
        """Calls of one second that are bridged to a far side, without sound."""
        far = subprocess.Popen(['taskset', '-c', str(self.core), 'sipp', '-i', FAR_SIDE, '-p', str(FAR_PORT), '-sf', os.path.join(HERE, 'sipp', 'answer.xml'), '-nostdin',
                                '-key', 'sink_ip', FAR_SIDE, '-key', 'sink_port', '15092', '-buff_size', '4000000'],
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
        time.sleep(0.5)
        try:
            return self.calls(label, pid, server, document.BRIDGE, rate)
        finally:
            far.kill()
            far.wait()

    def held_command(self, pid, server, mode, calls, seconds=None):
        # No faster than a tenth of a second's worth of the calls, so that the setup is no storm of its own.
        command = ['taskset', '-c', str(self.core), os.path.join(self.folder, 'rtpcalls'), '--mode', mode, '--pbx', server, '--a', f'{CALLER}:15081:15082',
                   '--user', document.PROMPT if mode == 'prompt' else document.BRIDGE, '--calls', str(calls), '--cps', str(min(100, max(20, calls // 10))),
                   '--secs', str(seconds or self.seconds), '--pid', str(pid)]
        return command + (['--b', f'{FAR_SIDE}:{FAR_PORT}:15084'] if mode == 'bridge' else [])

    def secure_command(self, pid, server, calls, certificate, seconds=None):
        """The same over TLS and SRTP on both legs; `server` is its TLS port."""
        command = self.held_command(pid, server, 'bridge', calls, seconds)
        for option, value in (('--a', f'{secure.CALLER}:15081:15082'), ('--user', secure.BRIDGE), ('--b', f'{secure.FAR_SIDE}:{secure.FAR_PORT}:15084')):
            command[command.index(option) + 1] = value
        return command + ['--tls', certificate]

    def held(self, label, pid, server, mode, calls, seconds=None):
        """Holds calls with sound and measures each packet in the window after all are up."""
        return self.hold(label, pid, calls, self.held_command(pid, server, mode, calls, seconds))

    def held_secure(self, label, pid, server, calls, certificate, seconds=None):
        return self.hold(label, pid, calls, self.secure_command(pid, server, calls, certificate, seconds))

    def hold(self, label, pid, calls, command):
        result = measure.run(command, pid, calls / 10 + self.seconds * 2 + 180)
        text = result.pop('text')
        for line in text.splitlines():
            if line.startswith('{'):
                result.update(json.loads(line))
        if not result.get('up'):
            result['tail'] = text[-600:]
        return self.keep(label, result)
