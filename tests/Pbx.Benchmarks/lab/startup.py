"""Registers as a phone does, and so times a start: from the process to the first registration that it accepts."""
import hashlib
import os
import re
import socket
import subprocess
import time

import measure


def md5(text):
    return hashlib.md5(text.encode()).hexdigest()


def request(host, port, local, number, call, sequence, transport='UDP', authorization=''):
    """A REGISTER."""
    parameter = '' if transport == 'UDP' else ';transport=' + transport.lower()
    return (f'REGISTER sip:{host}:{port} SIP/2.0\r\nVia: SIP/2.0/{transport} {local[0]}:{local[1]};branch=z9hG4bK{call}{sequence};rport\r\nMax-Forwards: 70\r\n'
            f'From: <sip:{number}@{host}>;tag=a\r\nTo: <sip:{number}@{host}>\r\nCall-ID: {call}\r\nCSeq: {sequence} REGISTER\r\n'
            f'Contact: <sip:{number}@{local[0]}:{local[1]}{parameter}>\r\nExpires: 3600\r\n{authorization}Content-Length: 0\r\n\r\n')


def credentials(challenge, host, port, user, password):
    """The Authorization header field that answers a 401 with qop=auth and MD5."""
    def value(name):
        return (re.search(name + r'="?([^",\r]+)', challenge) or [None, ''])[1]
    uri = f'sip:{host}:{port}'
    first, second = md5(f'{user}:{value("realm")}:{password}'), md5(f'REGISTER:{uri}')
    response = md5(f'{first}:{value("nonce")}:00000001:abcd:auth:{second}')
    return (f'Authorization: Digest username="{user}",realm="{value("realm")}",nonce="{value("nonce")}",uri="{uri}",response="{response}",algorithm=MD5,'
            f'qop=auth,nc=00000001,cnonce="abcd"\r\n')


def register(host, port, local, number, user, password, patience):
    """One registration over UDP: the status line of its last answer, or an empty text."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as phone:
        phone.bind((local, 0))
        phone.connect((host, port))
        call = f'{os.getpid()}-{time.time_ns()}'

        def ask(sequence, authorization, wait):
            phone.settimeout(wait)
            try:
                phone.send(request(host, port, phone.getsockname(), number, call, sequence, authorization=authorization).encode())
                return phone.recv(65536).decode(errors='replace')
            except OSError:
                return ''

        answer = ask(1, '', patience)
        if answer.startswith('SIP/2.0 401'):
            answer = ask(2, credentials(answer, host, port, user, password), 2)
        return answer.split('\r\n')[0]


def time_start(server, local, number, user, password, limit=60):
    """Starts a stopped server and registers until it says 200. Seconds, CPU seconds and KiB until then."""
    began = time.monotonic()
    server.process = subprocess.Popen(server.command, env=server.environment(), stdout=server.log, stderr=server.log, stdin=subprocess.DEVNULL)
    while time.monotonic() - began < limit:
        if register('127.0.0.1', server.sip_port, local, number, user, password, 0.02).startswith('SIP/2.0 200'):
            return dict(seconds=time.monotonic() - began, cpu=measure.cpu(server.pid), kib=measure.pss(server.pid))
        time.sleep(0.005)
    return None
