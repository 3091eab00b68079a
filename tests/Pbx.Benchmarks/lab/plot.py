#!/usr/bin/env python3
"""Draws the samples of a soak as an SVG, legible on light and on dark ground. plot.py soak.csv soak-load.svg"""
import csv
import sys
from html import escape

WIDTH, LEFT, RIGHT, PANEL, TITLE, FOOT = 900, 60, 12, 84, 32, 34
STYLE = '''
svg { --ground: #ffffff; --panel: #f4f6f8; --load: #e6ecf3; --ink: #1f2328; --faint: #59636e; --a: #1558c0; --b: #b3450b; --c: #13733a }
@media (prefers-color-scheme: dark) { svg { --ground: #0d1117; --panel: #161b22; --load: #1f2733; --ink: #e6edf3; --faint: #9aa5b1; --a: #79b0ff; --b: #ffa657; --c: #56d37c } }
text { font: 12px sans-serif; fill: var(--ink) } .faint { fill: var(--faint); font-size: 11px } .ground { fill: var(--ground) } .panel { fill: var(--panel) } .load { fill: var(--load) }
polyline { fill: none; stroke-width: 1.4; stroke-linejoin: round } .a { stroke: var(--a) } .b { stroke: var(--b) } .c { stroke: var(--c) }
tspan.a { fill: var(--a); stroke: none } tspan.b { fill: var(--b); stroke: none } tspan.c { fill: var(--c); stroke: none } .name { font-weight: 600 }
'''
BOTH = ('server {}', 'media {}')
# Of these it says nothing what they were at rest.
PASSING = ('cores', 'longest pause ms', 'calls failed')
# What is drawn together, by title; what a run has not is left out.
PANELS = (
    ('Memory (PSS), MiB', BOTH, 'memory MiB'), ('Threads', BOTH, 'threads'), ('Descriptors', BOTH, 'descriptors'), ('Sockets', BOTH, 'sockets'),
    ('Calls', ('calls', 'invite-dialogs', 'rtp-ports'), ''), ('SIP', ('transactions', 'timers'), ''), ('Waiting', ('work-waiting', 'queued-writes', 'registrations-unwritten'), ''),
    ('Cores', BOTH, 'cores'), ('Longest pause in 10 s, ms', BOTH, 'longest pause ms'), ('Failed calls so far', ('calls failed',), ''))


def round_up(value):
    """The top of a scale: the next of 1, 1.5, 2, 3, 4, 5, 6, 8 with zeros."""
    size = 1
    while value > size * 10:
        size *= 10
    while value <= size and size > 0.001:
        size /= 10
    return next(size * step for step in (1, 1.5, 2, 3, 4, 5, 6, 8, 10) if value <= size * step * 1.0001)


def number(row, name):
    # At rest garbage is collected for the sake of the figures; those pauses are not the server's.
    if name.endswith('longest pause ms') and row['phase'] != 'load':
        return None
    return float(row[name]) if row.get(name) else None


def at_rest(rows, name):
    """What the figure was at rest before and after, as far as the run came."""
    found = [number(row, name) for phase in ('before', 'after') for row in rows if row['phase'] == phase]
    return ' → '.join(f'{value:g}' for value in found if value is not None)


class Plot:
    def __init__(self, rows):
        self.rows = rows
        loaded = [float(row['seconds']) for row in rows if row['phase'] == 'load'] or [0]
        self.load, self.first, self.last = (loaded[0], loaded[-1]), float(rows[0]['seconds']), max(1, float(rows[-1]['seconds']))
        self.out, self.top = [], 8

    def x(self, seconds):
        return LEFT + (seconds - self.first) / max(1, self.last - self.first) * (WIDTH - LEFT - RIGHT)

    def panel(self, title, names, figure):
        columns = [name.format(figure) for name in names if any(row.get(name.format(figure)) for row in self.rows)]
        if not columns:
            return
        most = round_up(max(max(number(row, name) or 0 for row in self.rows) for name in columns) or 1)
        self.head(title, columns, figure)
        self.ground(most)
        for kind, name in zip('abc', columns):
            points = ' '.join(f'{self.x(float(row["seconds"])):.1f},{self.top + PANEL - number(row, name) / most * PANEL:.1f}' for row in self.rows if number(row, name) is not None)
            self.out.append(f'<polyline class="{kind}" points="{points}"/>')
        self.top += PANEL

    def head(self, title, columns, figure):
        legend = ''
        for kind, name in zip('abc', columns):
            rest = '' if name.endswith(PASSING) else at_rest(self.rows, name)
            legend += f'  <tspan class="name {kind}" dx="10">{escape(name.removesuffix(" " + figure) if figure else name)}</tspan>' + (f'<tspan> at rest {rest}</tspan>' if rest else '')
        self.out.append(f'<text x="{LEFT}" y="{self.top + 24}">{escape(title)}{legend}</text>')
        self.top += TITLE

    def ground(self, most):
        begin, end = (self.x(seconds) for seconds in self.load)
        self.out += [f'<rect class="panel" x="{LEFT}" y="{self.top}" width="{WIDTH - LEFT - RIGHT}" height="{PANEL}"/>',
                     f'<rect class="load" x="{begin:.1f}" y="{self.top}" width="{end - begin:.1f}" height="{PANEL}"/>',
                     f'<text class="faint" x="{LEFT - 6}" y="{self.top + 10}" text-anchor="end">{most:,g}</text>',
                     f'<text class="faint" x="{LEFT - 6}" y="{self.top + PANEL}" text-anchor="end">0</text>']

    def times(self):
        """Minutes since the load began; the shaded ground is its time."""
        minutes = (self.load[1] - self.load[0]) / 60
        step = next(step for step in (0.5, 1, 2, 5, 10, 30, 60, 120, 1440) if minutes / step <= 12)
        for i in range(int(minutes / step + 0.05) + 1):
            self.out.append(f'<text class="faint" x="{self.x(self.load[0] + i * step * 60):.1f}" y="{self.top + 14}" text-anchor="middle">{i * step:g}</text>')
        self.out.append(f'<text class="faint" x="{LEFT}" y="{self.top + 29}">minutes under load (shaded); before and after it the server is at rest, and its garbage is collected</text>')

    def svg(self):
        for each in PANELS:
            self.panel(*each)
        self.times()
        height = self.top + FOOT
        return '\n'.join([f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}">', f'<style>{STYLE}</style>',
                          f'<rect class="ground" width="{WIDTH}" height="{height}"/>', *self.out, '</svg>']) + '\n'


def draw(source, target):
    with open(source, encoding='utf-8') as file:
        rows = list(csv.DictReader(file))
    with open(target, 'w', encoding='utf-8') as file:
        file.write(Plot(rows).svg())


if __name__ == '__main__':
    draw(*sys.argv[1:3])
