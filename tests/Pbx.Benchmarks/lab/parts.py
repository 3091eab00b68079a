"""The parts of the server that are measured in a process of their own, by BenchmarkDotNet."""
import glob
import json
import os
import re
import subprocess


def run_shards(program, folder, cores, seconds):
    """What two shards do more than one: see tests/Pbx.Benchmarks/Shards."""
    with open(os.path.join(folder, 'shards.log'), 'w') as log:
        done = subprocess.run(['taskset', '-c', cores, program, 'shards', str(seconds)], cwd=folder, stdout=subprocess.PIPE, stderr=log, stdin=subprocess.DEVNULL, timeout=1800)
    with open(os.path.join(folder, 'shards.json'), 'wb') as file:
        file.write(done.stdout)
    if done.returncode != 0:
        raise RuntimeError(f'an operation failed: see {folder}/shards.log')
    return json.loads(done.stdout)


def run(program, folder, core, short):
    """For each benchmark, by (class, method, parameter): its median in us, and its garbage in bytes or None."""
    results = os.path.join(folder, 'parts')
    with open(os.path.join(folder, 'parts.log'), 'w') as log:
        subprocess.run(['taskset', '-c', str(core), program, '--filter', '*SrtpBenchmarks*', '*MediaBenchmarks*', '*QueueBenchmarks*', '--inProcess',
                        '--job', 'Dry' if short else 'Short', '--exporters', 'fulljson', '--artifacts', results],
                       cwd=folder, stdout=log, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, timeout=900)
    found = {}
    for path in glob.glob(os.path.join(results, 'results', '*-report-full.json')):
        with open(path) as file:
            for each in json.load(file)['Benchmarks']:
                if each.get('Statistics'):
                    parameter = re.search(r'\(\w+: "?([^")]*)', each['FullName'])
                    found[each['Type'], each['Method'], parameter and parameter[1]] = (each['Statistics']['Median'] / 1000, (each.get('Memory') or {}).get('BytesAllocatedPerOperation'))
    return found
