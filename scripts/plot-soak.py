"""Draws what a soak measured (its CSV) as an SVG: one panel for each column, time to the right. plot-soak.py soak.csv docs/soak.svg"""
import csv
import sys

WIDTH, PANEL, LEFT, GAP = 900, 90, 150, 18
rows = list(csv.DictReader(open(sys.argv[1], encoding="utf-8")))
columns = [name for name in rows[0] if name != "seconds"]
last = max(float(row["seconds"]) for row in rows) or 1
height = len(columns) * (PANEL + GAP) + 30
out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-family="sans-serif" font-size="12">',
       f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>']
for index, name in enumerate(columns):
    top = 10 + index * (PANEL + GAP)
    values = [float(row[name]) for row in rows]
    most = max(values) or 1
    points = " ".join(f'{LEFT + float(row["seconds"]) / last * (WIDTH - LEFT - 10):.1f},{top + PANEL - value / most * PANEL:.1f}' for row, value in zip(rows, values))
    out += [f'<rect x="{LEFT}" y="{top}" width="{WIDTH - LEFT - 10}" height="{PANEL}" fill="#f6f8fa"/>',
            f'<text x="8" y="{top + 16}">{name}</text>', f'<text x="{LEFT - 6}" y="{top + 12}" text-anchor="end">{most:g}</text>',
            f'<text x="{LEFT - 6}" y="{top + PANEL}" text-anchor="end">0</text>', f'<polyline points="{points}" fill="none" stroke="#1565c0"/>']
out += [f'<text x="{LEFT}" y="{height - 6}">0</text>', f'<text x="{WIDTH - 10}" y="{height - 6}" text-anchor="end">{last / 60:.0f} min</text>', "</svg>"]
open(sys.argv[2], "w", encoding="utf-8").write("\n".join(out) + "\n")
