"""A page of the console in a real Chromium, driven by its DevTools socket: signed in and left open, so that the server draws for it."""
import base64
import json
import os
import re
import shutil
import signal
import socket
import struct
import subprocess
import tempfile
import threading
import time
import urllib.request


class DevTools:
    """A WebSocket to one page, with as much of RFC 6455 as that needs: one message at a time, and nothing fragmented by us."""

    def __init__(self, host, port, path):
        self.number, self.rest = 0, b''
        self.connection = socket.create_connection((host, port), timeout=60)
        key = base64.b64encode(os.urandom(16)).decode()
        self.connection.sendall((f'GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n'
                                 f'Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n').encode())
        while b'\r\n\r\n' not in self.rest:
            self.rest += self.connection.recv(4096)
        head, self.rest = self.rest.split(b'\r\n\r\n', 1)
        if b' 101 ' not in head.split(b'\r\n', 1)[0]:
            raise RuntimeError(f'Chromium refused the connection: {head.decode(errors="replace")}')

    def take(self, length):
        while len(self.rest) < length:
            more = self.connection.recv(1 << 16)
            if not more:
                raise RuntimeError('Chromium closed the connection')
            self.rest += more
        taken, self.rest = self.rest[:length], self.rest[length:]
        return taken

    def receive(self):
        text, last = b'', False
        while not last:
            first, length = self.take(2)
            if length >= 126:
                length = int.from_bytes(self.take(2 if length == 126 else 8), 'big')
            part = self.take(length)
            if first & 0x0f < 8:
                text, last = text + part, first & 0x80 != 0
        return json.loads(text)

    def call(self, method, **parameters):
        self.number += 1
        data, mask = json.dumps(dict(id=self.number, method=method, params=parameters)).encode(), os.urandom(4)
        masked = bytes(byte ^ mask[i & 3] for i, byte in enumerate(data))
        length = struct.pack('>BB', 0x81, 0x80 | len(data)) if len(data) < 126 else struct.pack('>BBH', 0x81, 0x80 | 126, len(data))
        self.connection.sendall(length + mask + masked)
        while True:
            message = self.receive()
            if message.get('id') == self.number:
                if 'error' in message:
                    raise RuntimeError(f'{method}: {message["error"]}')
                return message['result']


class Page:
    """A window of the console. `with` closes it."""

    def __init__(self, root):
        self.root, self.folder = root, tempfile.mkdtemp(prefix='pbx-bench-chromium')
        self.process = subprocess.Popen(
            ['chromium', '--headless', '--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu', '--no-first-run', '--disable-background-networking',
             '--disable-component-update', '--disable-sync', '--remote-debugging-port=0', f'--user-data-dir={self.folder}', 'about:blank'],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, start_new_session=True)
        try:
            self.tools = self.connect()
        except BaseException:
            self.close()
            raise

    def connect(self):
        for line in self.process.stderr:
            found = re.search(rb'DevTools listening on ws://([\d.]+):(\d+)/', line)
            if found:
                host, port = found[1].decode(), int(found[2])
                break
        else:
            raise RuntimeError('Chromium did not start')
        # It would stand still once nobody reads what it says.
        threading.Thread(target=self.process.stderr.read, daemon=True).start()
        with urllib.request.urlopen(f'http://{host}:{port}/json/list', timeout=30) as answer:
            page = next(each for each in json.load(answer) if each['type'] == 'page')
        return DevTools(host, port, '/' + page['webSocketDebuggerUrl'].split('/', 3)[3])

    def evaluate(self, script):
        result = self.tools.call('Runtime.evaluate', expression=script, returnByValue=True)
        if 'exceptionDetails' in result:
            raise RuntimeError(f'{script}: {result["exceptionDetails"]}')
        return result['result'].get('value')

    def wait(self, condition, seconds=60):
        until = time.monotonic() + seconds
        while not self.evaluate(condition):
            if time.monotonic() > until:
                raise RuntimeError(f'The page did not come to: {condition}; it says: {self.evaluate("document.body.innerText")[:300]}')
            time.sleep(0.2)

    def go(self, path, condition):
        self.tools.call('Page.navigate', url=self.root + path)
        self.wait(f'location.pathname === "{path}" && document.readyState === "complete" && {condition}')

    def fill(self, fields, path):
        """Fills a form in plain HTML and sends it; waits until it has led elsewhere."""
        for selector, value in fields.items():
            self.evaluate(f'document.querySelector("{selector}").value = {json.dumps(value)}')
        self.evaluate('document.querySelector("button.primary").click()')
        self.wait(f'location.pathname !== "{path}" && document.readyState === "complete"')

    def open_live(self, email, password):
        """Signs in, which asks for another password the first time, and opens the live page; from then on it counts how often the server changed it. Gives the password that holds now."""
        self.go('/signin', '!!document.querySelector("#email")')
        self.fill({'#email': email, '#password': password}, '/signin')
        if self.evaluate('location.pathname') == '/password':
            self.fill({'#current': password, '#replacement': password + '-2'}, '/password')
            password += '-2'
        self.go('/live', '!!document.querySelector("body[data-ready]")')
        self.evaluate('window.changes = 0; new MutationObserver(() => window.changes++).observe(document.body, { subtree: true, childList: true, characterData: true })')
        return password

    def changes(self):
        """How often the server changed the page so far; None when it is not the same page any more."""
        return self.evaluate('window.changes')

    def close(self):
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
