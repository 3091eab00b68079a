"""What a process costs: CPU time and memory as the kernel counts them, and sipp's statistics. All from outside."""
import csv
import os
import subprocess
import time

TICK = os.sysconf('SC_CLK_TCK')


def family(pid):
    """A process with all its living descendants."""
    found = [pid]
    try:
        for task in os.listdir(f'/proc/{pid}/task'):
            with open(f'/proc/{pid}/task/{task}/children') as children:
                for child in children.read().split():
                    found += family(int(child))
    except OSError:
        pass
    return found


def is_media(pid):
    """Whether this is the process that carries a server's sound, and not one that has ended or speaks a phrase."""
    try:
        with open(f'/proc/{pid}/cmdline', 'rb') as command:
            return command.read().rstrip(b'\0').split(b'\0')[-1] == b'media'
    except OSError:
        return False


def media(pid):
    """The child that carries the sound; None for a server that does it itself."""
    return next((each for each in family(pid)[1:] if is_media(each)), None)


def passing(pid):
    """The descendants that do a piece of work and end, as those that speak phrases do."""
    return [each for each in family(pid)[1:] if not is_media(each)]


def cpu(pid):
    """CPU seconds that it and its descendants have used, in user mode and in the kernel together."""
    return sum(map(cpu_of, family(pid)))


def cpu_of(pid):
    """Those of one process; of one that has ended none."""
    try:
        with open(f'/proc/{pid}/stat') as stat:
            fields = stat.read().rsplit(')', 1)[1].split()
    except OSError:
        return 0
    return (int(fields[11]) + int(fields[12])) / TICK


def pss(pid):
    """Memory in KiB of it and its descendants, pages that are shared counted in part."""
    return sum(map(pss_of, family(pid)))


def pss_of(pid):
    try:
        with open(f'/proc/{pid}/smaps_rollup') as rollup:
            return next((int(line.split()[1]) for line in rollup if line.startswith('Pss:')), 0)
    except OSError:
        return 0


def threads(pid):
    """How many threads the process has."""
    return len(os.listdir(f'/proc/{pid}/task'))


def descriptors(pid):
    """How many descriptors the process has open, and how many of them are sockets."""
    every, sockets = os.listdir(f'/proc/{pid}/fd'), 0
    for each in every:
        try:
            sockets += os.readlink(f'/proc/{pid}/fd/{each}').startswith('socket:')
        except OSError:
            continue
    return len(every), sockets


def host():
    """Busy seconds of all cores, and those that a hypervisor took."""
    with open('/proc/stat') as stat:
        fields = [int(x) / TICK for x in stat.readline().split()[1:]]
    return sum(fields[:8]) - fields[3] - fields[4], fields[7]


def run(command, pid, limit):
    """Runs a load command to its end and accounts the server's CPU meanwhile."""
    before, busy_before, began, sound = cpu(pid), host(), time.monotonic(), media(pid)
    own_before = os.times()
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, timeout=limit)
        code, text = done.returncode, done.stdout.decode(errors='replace')
    except subprocess.TimeoutExpired as late:
        code, text = -1, (late.stdout or b'').decode(errors='replace')
    wall, used, busy, own = time.monotonic() - began, cpu(pid) - before, host(), os.times()
    if sound not in (None, media(pid)):
        raise RuntimeError(f'the media process {sound} ended under the load: {" ".join(command)}')
    load = own.children_user - own_before.children_user + own.children_system - own_before.children_system
    return dict(command=' '.join(command), code=code, wall=round(wall, 2), cpu=round(used, 3), cores=round(used / wall, 3), load_cores=round(load / wall, 3),
                other_cores=round((busy[0] - busy_before[0] - used - load) / wall, 3), steal=round(busy[1] - busy_before[1], 2), text=text)


def sipp_statistics(path):
    """The last whole line of sipp's statistics file, in words of our own; response times in ms. The file may be long, and still be written."""
    with open(path) as file:
        names = file.readline()
        file.seek(max(file.tell(), os.path.getsize(path) - 65536))
        lines = [line for line in file if line.endswith('\n')]
    if not lines:
        return {}
    last = next(csv.DictReader([names, lines[-1]], delimiter=';'))

    def count(name):
        return int(last.get(name) or 0)

    def milliseconds(text):
        parts = (text or '0:0:0:0').split(':')
        return (int(parts[0]) * 3600 + int(parts[1]) * 60 + int(parts[2])) * 1000 + int(parts[3]) / 1000

    return dict(calls=count('TotalCallCreated'), ok=count('SuccessfulCall(C)'), failed=count('FailedCall(C)'), retransmissions=count('Retransmissions(C)'),
                answer_ms=milliseconds(last.get('ResponseTime1(C)')))
