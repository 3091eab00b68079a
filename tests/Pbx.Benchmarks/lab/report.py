"""The table: what is asked, what came out. A row that nobody filled in says so."""


PENDING = 'not measured: its step did not come to an end, see the log'


class Row:
    """One line. The value is compared with the two marks, in their unit."""

    def __init__(self, what, must, aim, marks=(None, None), more=False):
        self.what, self.must, self.aim, self.marks, self.more = what, must, aim, marks, more
        self.measured, self.ratio, self.value = PENDING, '-', None
        self.part, self.beside = '', {}
        # What other steps have to say of the row, by their names, and whether by that a second part of the aim is missed.
        self.notes, self.misses_aim = {}, False

    def put(self, measured, value=None, ratio='-'):
        self.measured, self.value, self.ratio = measured, value, ratio

    def put_parts(self, measured, part, value, beside):
        """The value is that of one part and counts; those of the others, by name, are told where they are not what they must be."""
        self.put(measured, value)
        self.part, self.beside = part, beside

    def leave(self, why):
        self.measured = 'not measured: ' + why.replace('|', '/').replace('\n', ' ')[:300]

    @property
    def reached(self):
        if self.value is None:
            return '-'
        reached = self.judge(self.value)
        if reached == 'aim' and self.misses_aim:
            reached = 'must'
        missed = [f'{name}: no' for name, value in self.beside.items() if self.judge(value) == 'no']
        return '; '.join([f'{self.part}: {reached}', *missed]) if missed else reached

    def judge(self, value):
        for name, mark in zip(('must', 'aim')[::-1], self.marks[::-1]):
            if value >= mark if self.more else value <= mark:
                return name
        return 'no'

    def __str__(self):
        return '| ' + ' | '.join((self.what, '; '.join((self.measured, *self.notes.values())), self.ratio, self.must, self.aim, self.reached)) + ' |'


def all_rows(extensions):
    """The rows in the order of the table, by name."""
    many = f'{extensions:,}'
    return dict(
        registration=Row('digest registration, CPU', "4.3 x Kamailio's (half of Asterisk's)", "2 x Kamailio's, flat from 100 to 100,000 contacts", (4.3, 2)),
        registrations=Row('registrations/s on one core, < 0.1 % failures', '3,000', '6,000', (3000, 6000), more=True),
        bridged=Row('bridged call, signalling, CPU', "2 ms where Kamailio's registration takes 57 us: 35 x (half of Asterisk's)", '0.4 ms there: 7 x', (35, 7)),
        calls=Row('calls/s to a prompt on one core', '300 (Asterisk 200)', '1,000', (300, 1000), more=True),
        prompt_packet=Row('prompt packet sent, CPU', '3.8 x the send limit (0.4 x Asterisk)', '2 x the limit', (3.8, 2)),
        prompts=Row('prompts held on one core, 99.9 % of packets, pacing p99 <= 5 ms', '600 (Asterisk 300)', '1,500', (600, 1500), more=True),
        relayed_packet=Row('relayed packet, CPU', '3.4 x the relay limit (0.6 x Asterisk)', '1.7 x the limit', (3.4, 1.7)),
        relayed=Row('relayed calls on one core, loss < 0.1 %, added delay p99 <= 10 ms', '300 (Asterisk 200)', '1,000', (300, 1000), more=True),
        # The worse of the two, as a part of what must be.
        delay=Row('added delay at 100 calls, p50 / p99', '0.3 / 0.8 ms (Asterisk 0.19 / 0.51)', '0.15 / 0.4 ms', (1, 0.5)),
        srtp=Row('SRTP (SDES, AES_CM_128_HMAC_SHA1_80) per packet and direction', '1.6 us where libsrtp2 takes 2.6: 0.62 x', '1.2 us there: 0.46 x', (0.62, 0.46)),
        secure=Row('TLS + SRTP both legs, relayed calls on one core, loss < 0.1 %, added delay p99 <= 10 ms', '200', '600', (200, 600), more=True),
        handshakes=Row('TLS handshakes with registration after a restart', '300/s', '800/s', (300, 800), more=True),
        phone=Row('memory per idle TLS phone', '64 KiB', '48 KiB', (64, 48)),
        call_memory=Row('memory per bridged call', '94 KiB', '40 KiB', (94, 40)),
        endpoint=Row('memory per registered endpoint (UDP)', '8 KiB', '3 KiB', (8, 3)),
        start=Row(f'start to first registration with {many} extensions', '3 s', '1.5 s', (3, 1.5)),
        change=Row(f'configuration change acts, {many} extensions, calls up', '100 ms', '20 ms, longest answer gap 10 ms', (100, 20)),
        overload=Row('at twice the limit, answered', '80 % of the limit', '95 %', (80, 95), more=True),
        allocation=Row('allocation per relayed or sent RTP packet', '0 bytes', '0 bytes', (0, 0)),
        pause=Row('longest pause of any garbage collection at half load, while a live page, a CSV export and a save every 5 s run', '5 ms', '2 ms', (5, 2)),
        soak=Row('soak at half the limit with an open live page: memory, threads, sockets, tables', 'all level', 'all level', (0, 0)),
        shards=Row('two shards against one (throughput on the loopback transport; CPU per operation)', '1.6 x', '1.9 x', (1.6, 1.9), more=True),
        queue=Row('queue decision with 1,000 callers and 500 agents in one queue', '1 ms', '50 us', (1000, 50)))


def table(rows):
    return '\n'.join(['| what | measured | ratio | must | aim | reached |', '|---|---|---|---|---|---|', *map(str, rows.values())])
