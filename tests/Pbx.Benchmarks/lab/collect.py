"""Has a .NET process collect its garbage, by the diagnostics socket that every one has, so that its memory is what it holds and not what it dropped."""
import glob
import socket
import struct
import threading
import time

import measure

MAGIC = b'DOTNET_IPC_V1\0'
EVENT_PIPE, STOP_TRACING, COLLECT_TRACING = 0x02, 0x01, 0x03
PROVIDER, GC_HEAP_COLLECT, INFORMATIONAL = 'Microsoft-Windows-DotNETRuntime', 0x800000, 4

COLLECTIONS = 25


def text(value):
    return struct.pack('<I', len(value) + 1) + (value + '\0').encode('utf-16-le') if value else struct.pack('<I', 0)


def ask(path, command, payload):
    """Sends a command; the connection, and what the answer carries."""
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.settimeout(20)
    connection.connect(path)
    connection.sendall(MAGIC + struct.pack('<HBBH', 20 + len(payload), EVENT_PIPE, command, 0) + payload)
    head = connection.recv(20, socket.MSG_WAITALL)
    body = connection.recv(struct.unpack('<H', head[14:16])[0] - 20, socket.MSG_WAITALL)
    if head[17] != 0:
        raise RuntimeError(f'the process refused the command: {body.hex()}')
    return connection, body


def drain(connection):
    try:
        while connection.recv(1 << 16):
            pass
    except OSError:
        pass


def collect(pid):
    """Collects, in the server and in its media process, until the room that became free is given back to the kernel too, which the runtime does after some twenty collections."""
    for each in filter(None, (pid, measure.media(pid))):
        path = socket_of(each)
        for _ in range(COLLECTIONS):
            collect_once(path)
    time.sleep(1)


def socket_of(pid):
    found = glob.glob(f'/tmp/dotnet-diagnostic-{pid}-*-socket')
    if not found:
        # Memory with the garbage of one process in it would be compared with nothing.
        raise RuntimeError(f'process {pid} has no diagnostics socket: its garbage cannot be collected (DOTNET_EnableDiagnostics=0?)')
    return found[0]


def collect_once(path):
    """Asks for a session of events whose start is a full collection, and ends it again."""
    providers = struct.pack('<I', 1) + struct.pack('<QI', GC_HEAP_COLLECT, INFORMATIONAL) + text(PROVIDER) + text('')
    events, session = ask(path, COLLECT_TRACING, struct.pack('<IIB', 1, 1, 0) + providers)
    reader = threading.Thread(target=drain, args=(events,), daemon=True)
    reader.start()
    time.sleep(0.05)
    ask(path, STOP_TRACING, session)[0].close()
    reader.join(5)
    events.close()
