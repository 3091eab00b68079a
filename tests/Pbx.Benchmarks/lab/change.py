"""How fast a saved change acts on calls, and whether anybody waits for it: a rule is switched to and fro while calls ask it all the time."""
import socket
import threading
import time

import document

INTERVAL = 0.004


class Probe(threading.Thread):
    """Calls the marker all the time; each call is refused at once with the status that the configuration says."""

    def __init__(self, server, local):
        super().__init__(daemon=True)
        self.phone = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.phone.bind((local, 15086))
        self.phone.connect(('127.0.0.1', server.sip_port))
        self.phone.settimeout(0.05)
        self.sent, self.answers, self.ended = {}, [], False
        self.asking = threading.Thread(target=self.ask, daemon=True)

    def begin(self):
        self.start()
        self.asking.start()

    def end(self):
        self.ended = True
        self.asking.join()
        self.join(2)
        self.phone.close()

    def message(self, method, number, to=''):
        host, port = self.phone.getsockname()
        return (f'{method} sip:{document.MARKER}@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP {host}:{port};branch=z9hG4bKprobe{id(self)}-{number};rport\r\n'
                f'Max-Forwards: 70\r\nFrom: <sip:probe@{host}>;tag=p{number}\r\nTo: <sip:{document.MARKER}@127.0.0.1>{to}\r\nCall-ID: probe{id(self)}-{number}\r\n'
                f'CSeq: 1 {method}\r\nContact: <sip:probe@{host}:{port}>\r\n')

    def ask(self):
        offer = ('v=0\r\no=- 1 1 IN IP4 127.0.0.21\r\ns=-\r\nc=IN IP4 127.0.0.21\r\nt=0 0\r\nm=audio 15090 RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\n')
        number, due = 0, time.monotonic()
        while not self.ended:
            number += 1
            self.sent[number] = time.monotonic()
            self.phone.send((self.message('INVITE', number) + f'Content-Type: application/sdp\r\nContent-Length: {len(offer)}\r\n\r\n{offer}').encode())
            due += INTERVAL
            time.sleep(max(0, due - time.monotonic()))

    def run(self):
        while not self.ended:
            try:
                text = self.phone.recv(65536).decode(errors='replace')
            except OSError:
                continue
            now, status = time.monotonic(), text[8:11]
            if status < '300':
                continue
            number = int(text.split(f'branch=z9hG4bKprobe{id(self)}-', 1)[1].split(';', 1)[0].split('\r', 1)[0])
            tag = text.split('\r\nTo:', 1)[1].split('\r\n', 1)[0].split('>', 1)[1]
            self.phone.send((self.message('ACK', number, tag) + 'Content-Length: 0\r\n\r\n').encode())
            if number in self.sent:
                self.answers.append((now, now - self.sent.pop(number), status))


def measure_changes(server, local, changes=20):
    """Milliseconds from asking for a change until a call is first treated by it (all, sorted), and the longest answer while changes were made."""
    probe = Probe(server, local)
    probe.begin()
    time.sleep(1)
    acted, began = [], time.monotonic()
    for i in range(changes):
        destination, status = (('hangup:unavailable', '480'), ('hangup:busy', '486'))[i % 2]
        asked, seen = time.monotonic(), len(probe.answers)
        server.put('/api/v1/inboundRules/marker', document.marker(destination))
        until = time.monotonic() + 2
        while time.monotonic() < until:
            first = next((at for at, _, answer in probe.answers[seen:] if answer == status), None)
            if first is not None:
                acted.append((first - asked) * 1000)
                break
            time.sleep(0.002)
        time.sleep(0.1)
    ended = time.monotonic()
    time.sleep(0.2)
    lost = sum(1 for at in probe.sent.values() if at < ended - 1)
    probe.end()
    during = [delay * 1000 for at, delay, _ in probe.answers if began <= at <= ended]
    return dict(acted_ms=sorted(acted), longest_answer_ms=max(during, default=0), answers=len(probe.answers), unanswered=lost, changes=changes)
