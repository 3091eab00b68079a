"""Phones over TLS: all connect and register at once, as after a restart, and then stay as idle as phones are."""
import asyncio
import ssl
import time

import collect
import document
import measure
import startup

AT_ONCE = 64


async def read_answer(reader):
    return (await asyncio.wait_for(reader.readuntil(b'\r\n\r\n'), 20)).decode(errors='replace')


async def connect(port, local, index, context, gate):
    """One phone: handshake, 401, 200. Returns its connection, or None."""
    async with gate:
        try:
            reader, writer = await asyncio.wait_for(asyncio.open_connection('127.0.0.1', port, ssl=context, local_addr=(local, 0)), 30)
            ours, number, call = writer.get_extra_info('sockname'), document.number_of(index), f'tls{index}-{time.time_ns()}'
            writer.write(startup.request('127.0.0.1', port, ours, number, call, 1, 'TLS').encode())
            challenge = await read_answer(reader)
            answer = startup.credentials(challenge, '127.0.0.1', port, document.user_of(index), document.password_of(index))
            writer.write(startup.request('127.0.0.1', port, ours, number, call, 2, 'TLS', answer).encode())
            if not (await read_answer(reader)).startswith('SIP/2.0 200'):
                writer.close()
                return None
            return writer
        except (OSError, asyncio.TimeoutError, asyncio.IncompleteReadError):
            return None


async def connect_all(port, local, count, first=0):
    """All phones: the connections of those that registered, and the seconds it took."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    gate, began = asyncio.Semaphore(AT_ONCE), time.monotonic()
    phones = await asyncio.gather(*(connect(port, local, first + i, context, gate) for i in range(count)))
    return [phone for phone in phones if phone is not None], time.monotonic() - began


def measure_phones(server, local, count, rest):
    """Handshakes with registration per second, and KiB for each phone that stays."""
    async def all_of_it():
        # Some first, so that what is made once is not counted.
        warm, _ = await connect_all(server.sip_port + 1, local, 50, first=count)
        await asyncio.sleep(rest)
        collect.collect(server.pid)
        before, used = measure.pss(server.pid), measure.cpu(server.pid)
        phones, seconds = await connect_all(server.sip_port + 1, local, count)
        used = measure.cpu(server.pid) - used
        await asyncio.sleep(rest)
        collect.collect(server.pid)
        after = measure.pss(server.pid)
        for phone in warm + phones:
            phone.transport.abort()
        return dict(phones=len(phones), failed=count - len(phones), seconds=seconds, per_second=len(phones) / seconds, server_cores=used / seconds,
                    kib_per_phone=(after - before) / max(1, len(phones)))
    return asyncio.run(all_of_it())
