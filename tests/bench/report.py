#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""usage: report.py DATA DOCS: what tests/bench/bench has measured in the directory DATA, as
DOCS/benchmarks.md with tables, targets and a plot."""
import os
import sys

OPERATIONS = ("alloc", "free", "fault", "add", "release")
PAGES = OPERATIONS[:3]
SIZES = ((1, 1), (1, 100), (1, 10000))
CPUS = ((1, 1), (2, 1), (4, 1))
WATCHERS = {
    "tp_btf": "pgmapstat, tp_btf",
    "fentry": "pgmapstat, fentry",
    "kprobe": "pgmapstat, kprobe",
    "tracefs": "pgmapstat, tracefs",
    "bpftrace": "bpftrace, count() by pagemap",
    "hist": "hist trigger by pagemap",
    "perf": "perf record",
    "trace_cmd": "trace-cmd record",
}
# the backends that watch functions, and empty programs on these
EMPTY = {"fentry": "empty_fentry", "kprobe": "empty_kprobe"}
BACKENDS = ("tp_btf", "fentry", "kprobe", "tracefs")


def lines_of(data, name):
    with open(os.path.join(data, name)) as file:
        return [line.split() for line in file]


class Measured:
    """Instructions or nanoseconds of an operation, by kernel, CPUs, pagemaps and watcher."""

    def __init__(self, data):
        self.of, self.lost = {}, {}
        for name in os.listdir(data):
            if name.startswith(("instructions-", "time-")) and "." not in name:
                mode, kernel, cpus, pgmaps = name.split("-")
                for watcher, what, value in lines_of(data, name):
                    key = (mode, kernel, (int(cpus), int(pgmaps)), watcher, what)
                    if what == "lost":
                        self.lost[key] = int(value)
                    else:
                        self.of[key] = int(value) / 1000

    def cost(self, mode, size, watcher, operation):
        """What the watcher adds to our core without one."""
        return (self.of[mode, "pgmap", size, watcher, operation] -
                self.of[mode, "pgmap", size, "none", operation])

    def core(self, mode, size, operation):
        """Stock core, ours, and per cent in which ours differs."""
        stock = self.of[mode, "stock", size, "none", operation]
        ours = self.of[mode, "pgmap", size, "none", operation]
        return stock, ours, 100 * (ours / stock - 1)


def number(value):
    text = f"{value:,.0f}" if abs(value) >= 100 else f"{value:.1f}"
    return "0.0" if text == "-0.0" else text


def size_name(size):
    cpus, pgmaps = size
    return f"{cpus} CPU{'' if cpus == 1 else 's'}, {pgmaps:,} pagemap{'' if pgmaps == 1 else 's'}"


def table(head, rows):
    yield "| " + " | ".join(head) + " |"
    yield "|---" + "|---:" * (len(head) - 1) + "|"
    for row in rows:
        yield "| " + " | ".join(row) + " |"
    yield ""


def core_table(measured, mode):
    def cells(operation):
        for size in SIZES:
            stock, ours, per_cent = measured.core(mode, size, operation)
            yield f"{number(stock)} → {number(ours)} ({per_cent:+.2f} %)"

    head = ("stock → ours", *(size_name(size) for size in SIZES))
    return table(head, ((operation, *cells(operation)) for operation in OPERATIONS))


def cost_table(measured, mode, operation, sizes):
    head = (f"added to each {operation}", *(size_name(size) for size in sizes))
    return table(head, ((words, *(number(measured.cost(mode, size, watcher, operation))
                                  for size in sizes))
                        for watcher, words in WATCHERS.items()))


def empty_table(measured):
    head = ("instructions, 1 pagemap", "an empty program", "pgmapstat", "its own part")

    def rows():
        for backend, empty in EMPTY.items():
            for operation in ("alloc", "free"):
                least = measured.cost("instructions", (1, 1), empty, operation)
                cost = measured.cost("instructions", (1, 1), backend, operation)
                yield (f"{backend}, {operation}", number(least), number(cost),
                       number(cost - least))

    return table(head, rows())


# ---- targets ----

def flat(measured, mode, sizes):
    costs = [measured.cost(mode, size, "tp_btf", "free") for size in sizes]
    worst = max((abs(cost / costs[0] - 1) for cost in costs), default=0) * 100
    return ", ".join(number(cost) for cost in costs), worst <= 10


def targets(measured, standing, storm):
    for operation in OPERATIONS:
        each = [measured.core("instructions", size, operation)[2] for size in SIZES]
        worst = max(each)
        yield (f"our core with tracepoints off within 1 % of the stock one: {operation}",
               ", ".join(f"{per_cent:+.2f} %" for per_cent in each), worst <= 1)
    for backend in BACKENDS:
        cost = measured.cost("instructions", (1, 1), backend, "free")
        yield (f"at most 100 instructions for a free, keyed by pagemap: {backend}",
               number(cost), cost <= 100)
    for words, mode, sizes in (
            ("1 to 10,000 pagemaps, instructions", "instructions", SIZES),
            ("1 to 10,000 pagemaps, ns", "time", SIZES),
            ("1 to 4 CPUs, instructions", "instructions", CPUS),
            ("1 to 4 CPUs, ns", "time", CPUS)):
        yield f"the cost of a free is flat (±10 %), {words}", *flat(measured, mode, sizes)
    lost = sum(value for key, value in measured.lost.items() if key[3] != "tracefs")
    lost += sum(int(value) for what, value in storm if what != "counted")
    counted = dict(storm)["counted"]
    yield (f"no event lost at the highest rate, of {int(counted):,} in the storm "
           "and of all in the tables", f"{lost:,}", lost == 0)
    lost = sum(value for key, value in measured.lost.items() if key[3] == "tracefs")
    yield "the same with tracefs, in the tables", f"{lost:,}", lost == 0
    yield ("the tool, showing its 100 rows, takes less than 1 % of a CPU of 10⁹ instructions a second",
           f"{standing['cpu']} %", float(standing["cpu"]) < 1)
    yield ("and at most 16 MiB", f"{int(standing['rss']) / 1024:.1f} MiB "
           f"({int(standing['peak']) / 1024:.1f} MiB at its start)",
           int(standing["rss"]) <= 16384)


# ---- the plot ----

SVG_HEAD = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 {height}" role="img">
<title>Instructions that watching adds to each free</title>
<style>
text {{ font: 13px sans-serif; fill: #222 }}
rect {{ fill: #888 }}
rect.ours {{ fill: #2a7ab0 }}
line {{ stroke: #c33; stroke-dasharray: 4 3 }}
@media (prefers-color-scheme: dark) {{ text {{ fill: #ddd }} }}
</style>"""


def plot(measured):
    size, left, width, step = (1, 1), 210, 430, 28
    costs = {watcher: measured.cost("instructions", size, watcher, "free") for watcher in WATCHERS}
    scale = width / max(costs.values())
    height = step * len(costs) + 50
    yield SVG_HEAD.format(height=height)
    yield '<text x="10" y="20">instructions that watching adds to each free, 1 pagemap</text>'
    for i, (watcher, cost) in enumerate(costs.items()):
        y = 36 + i * step
        ours = ' class="ours"' if watcher in BACKENDS else ""
        yield f'<text x="{left - 8}" y="{y + 14}" text-anchor="end">{WATCHERS[watcher]}</text>'
        yield f'<rect{ours} x="{left}" y="{y}" width="{max(cost * scale, 1):.1f}" height="18"/>'
        yield f'<text x="{left + max(cost * scale, 1) + 6:.1f}" y="{y + 14}">{number(cost)}</text>'
    x = left + 100 * scale
    yield f'<line x1="{x:.1f}" y1="30" x2="{x:.1f}" y2="{height - 12}"/>'
    yield "</svg>"


# ---- the page ----

HEAD = """# Benchmarks

What the pagemap core costs, and what watching it adds. Written by `make bench`, which measures
every number here; not by hand. `tests/bench/` has how.

A module allocates and frees device-private pages, has a process fault on them, and adds and
releases pagemaps of 2 MiB, in tight loops: the median of many batches. *Instructions* are those
of a guest under `-icount`, where they are the clock: for alloc and free they repeat to the
digit, for add and release within 1 %. *ns* are those of an emulated CPU (TCG): they depend on the
host and its load, and only large differences mean anything. The faults copy nothing. Add and
release are CPU time of the thread, without its waiting.

All watchers look at alloc, free and both ends of a fault; pgmapstat, `perf record` and
`trace-cmd record` also at adds and releases. The backends fentry and kprobe are meant for kernels
without our tracepoints; here they run on the one that has them.
"""


def page(measured, data):
    host = [" ".join(line) for line in lines_of(data, "host")]
    standing = dict(lines_of(data, "standing"))
    storm = lines_of(data, "storm")
    yield HEAD
    yield (f"Host: {host[0]}, {host[1]} CPUs, load {host[2]} before and "
           f"{lines_of(data, 'load')[0][0]} after; {'; '.join(host[3:])}.")
    yield ""
    yield "## Targets"
    yield ""
    yield from table(("target", "measured", "reached"),
                     ((what, value, "yes" if reached else "**no**")
                      for what, value, reached in targets(measured, standing, storm)))
    yield "![What watching adds to a free](benchmarks.svg)"
    yield ""
    for mode, unit in (("instructions", "instructions"), ("time", "ns")):
        yield f"## The core with its tracepoints off, {unit}"
        yield ""
        yield from core_table(measured, mode)
    for mode, unit in (("instructions", "instructions"), ("time", "ns")):
        yield f"## What watching adds, {unit}"
        yield ""
        for operation in PAGES:
            yield from cost_table(measured, mode, operation, SIZES + CPUS[1:])
    yield "## What being attached takes"
    yield ""
    yield "Below an empty program, attached to the same places, no watcher of that kind can come."
    yield ""
    yield from empty_table(measured)
    yield "## What watching adds to a life, instructions"
    yield ""
    for operation in OPERATIONS[3:]:
        yield from cost_table(measured, "instructions", operation, SIZES)


def write(path, lines):
    with open(path, "w") as file:
        file.write("\n".join(lines).rstrip("\n") + "\n")


def main():
    data, docs = sys.argv[1:]
    measured = Measured(data)
    write(os.path.join(docs, "benchmarks.md"), page(measured, data))
    write(os.path.join(docs, "benchmarks.svg"), plot(measured))


if __name__ == "__main__":
    main()
