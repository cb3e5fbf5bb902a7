#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A recording of a real run becomes a page that Chromium shows, in light and in dark, with
# the numbers of its replay, and a trace that keeps to the format that Perfetto reads.
# timeout: 400
set -eu
. "$(dirname "$0")/lib.sh"
build_tool
build_modules pgmap

modules=$top/.output/modules/pgmap
share=$scratch/share
mkdir "$share"

# report OPTION ...: of the recording
report() {
	rc=0
	"$pgmapstat" report "$share/trace.dat" --pages "$@" >"$scratch/out" 2>"$scratch/err" || rc=$?
}

# evaluate FILE EXPRESSION: of the JSON d in FILE, with events by phase and category
evaluate() {
	"${python[@]}" -c 'import json, sys
d = json.load(open(sys.argv[1]))
events = d.get("traceEvents", [])
def named(phase, name):
    return [e for e in events if e["ph"] == phase and e["name"].startswith(name)]
print(eval("(" + sys.argv[2] + ")"))' "$1" "$2"
}

# The page tells of itself once it is laid out. It has no script, so a copy of it gets one.
cat >"$scratch/probe.html" <<'END2'
<script>
const all = s => [...document.querySelectorAll(s)];
const outside = svg => [...svg.querySelectorAll("text, rect.span, path.mark, circle, rect.cell")]
	.filter(e => { const a = e.getBoundingClientRect(), b = svg.getBoundingClientRect();
		return a.width && (a.left < b.left - 1 || a.right > b.right + 1 ||
				   a.top < b.top - 1 || a.bottom > b.bottom + 1); }).length;
const light = c => { const v = c.match(/[\d.]+/g).slice(0, 3).map(x => x / 255)
	.map(x => x <= 0.03928 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4);
	return 0.2126 * v[0] + 0.7152 * v[1] + 0.0722 * v[2]; };
const paper = getComputedStyle(document.body).backgroundColor;
const contrast = c => { const a = light(c), b = light(paper);
	return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05); };
const facts = {
	paper: light(paper) > 0.5 ? "light" : "dark",
	lives: all("#lives g.life").length, flags: all("#lives g.flag").length,
	spans: ["setup", "live", "drain", "release"].map(s =>
		all(`#lives g.life rect[fill="url(#${s})"]`).length),
	seen: all("#lives g.life rect.span").every(e => e.getBoundingClientRect().width >= 1.5),
	outside: all("svg").map(outside), cells: all("#heat rect.cell").length,
	faults: all("#heat rect.cell title").map(e => parseInt(e.textContent)).reduce((a, b) => a + b, 0),
	verdict: document.querySelector("#verdict").textContent.trim(),
	rows: all("#pagemaps tbody tr").map(r => [...r.cells].map(c => c.textContent)),
	findings: all("pre.finding").length, slowest: all("#slowest tbody tr").length,
	text: Math.min(...all("svg text:not(.letter)").map(e => contrast(getComputedStyle(e).fill)),
		...all("p, h1, h2, td, th").map(e => contrast(getComputedStyle(e).color))),
};
document.documentElement.innerHTML = "";
document.documentElement.append("FACTS" + JSON.stringify(facts) + "END");
</script>
END2

# show SCHEME NAME: what Chromium says of the page, where 0 is dark, 1 light
show() {
	cat "$scratch/page.html" "$scratch/probe.html" >"$scratch/probed.html"
	HOME=$scratch timeout 120 chromium --headless --no-sandbox --disable-gpu \
		--user-data-dir="$scratch/profile" --blink-settings=preferredColorScheme="$1" \
		--window-size=1200,900 --dump-dom "file://$scratch/probed.html" 2>"$scratch/chromium" |
		sed -n 's/^.*FACTS\(.*\)END.*$/\1/p' | sed 's/&lt;/</g; s/&gt;/>/g; s/&amp;/\&/g' \
		>"$scratch/$2"
}

cat >"$share/work" <<'END2'
set -eu
insmod "$1/pgmap_poke.ko"
insmod "$1/pgmap_hmm.ko"
cat >/tmp/life <<'END3'
"$1/hmm_touch" 0 64 30
for command in "claim 0 1 0x8000000" "hold 0"; do
	echo "$command" >/dev/pgmap_poke
done
echo "del 0" >/dev/pgmap_poke &
sleep 1
echo "put 0" >/dev/pgmap_poke
wait
for command in "add 3 4 0x148000000 0x200000" "forget 3" "add 3 4 0x148400000 0x200000" "del 3"; do
	echo "$command" >/dev/pgmap_poke
done
echo "claim 1 1 0x8000000" >/dev/pgmap_poke
rmmod pgmap_hmm
END3
trace-cmd record -q -C mono -e memremap -o /mnt/share/trace.dat bash /tmp/life "$1" >/dev/null 2>&1
END2

plan 35
guest --hmm --allow memremap_pages --share "$share" --timeout 200 -- bash /mnt/share/work "$modules"
is "a run is recorded" "$rc" 0

# ---- the page ----
report -o "$scratch/page.html" --perfetto "$scratch/trace.json"
is "its report has the exit code of its replay" "$rc $(cat "$scratch/err")" "2 "
like "and prints the verdict" "$(cat "$scratch/out")" '^verdict: violated \(1 error,'
"$pgmapstat" replay --pages --json "$share/trace.dat" | tail -n 1 >"$scratch/replay" || true
# rows VALUES: of all pagemaps of the replay, as a set
replayed() {
	evaluate "$scratch/replay" "sorted([$1 for p in d['pagemaps']])"
}
nok "the page names nothing outside itself" grep -Eiq \
	'<script|<link|<img|<iframe|src=|href=|@import|https?:|url\([^#]' "$scratch/page.html"
show 1 light
show 0 dark
for scheme in light dark; do
	facts=$scratch/$scheme
	is "$scheme: it is $scheme" "$(evaluate "$facts" 'd["paper"]')" "$scheme"
	is "$scheme: text stands out, at least 4.5 to 1" "$(evaluate "$facts" 'd["text"] >= 4.5')" True
	is "$scheme: nothing is drawn outside of its drawing" "$(evaluate "$facts" 'd["outside"]')" \
		"[0, 0]"
	is "$scheme: every bar can be seen" "$(evaluate "$facts" 'd["seen"]')" True
done
is "a row for each pagemap" "$(evaluate "$facts" 'd["lives"]')" \
	"$(evaluate "$scratch/replay" 'len(d["pagemaps"])')"
is "five, that were live; three were set up under watch and torn down" \
	"$(evaluate "$facts" 'd["lives"], d["spans"]')" "(5, [4, 5, 3, 3])"
is "its finding is marked" "$(evaluate "$facts" 'd["flags"], d["findings"]')" "(1, 1)"
is "the verdict is that of the replay" "$(evaluate "$facts" 'd["verdict"]')" \
	"$(tail -n 1 "$scratch/out")"
is "the heat map has every fault" "$(evaluate "$facts" 'd["faults"]')" \
	"$(evaluate "$scratch/replay" 'd["totals"]["faults"]')"
is "of 1920 in many cells" "$(evaluate "$facts" 'd["faults"], d["cells"] > 20')" "(1920, True)"
is "the table has identity and state of the replay" \
	"$(evaluate "$facts" 'sorted((r[0], int(r[1]), r[3]) for r in d["rows"])')" \
	"$(replayed '(p["pgmap"], p["generation"], p["driver"])')"
is "and its counts" "$(evaluate "$facts" 'sorted((r[0], int(r[1]), int(r[10])) for r in d["rows"])')" \
	"$(replayed '(p["pgmap"], p["generation"], p["faults"])')"
is "twenty of the slowest faults are listed" "$(evaluate "$facts" 'd["slowest"]')" 20

# ---- the trace ----
trace=$scratch/trace.json
is "each event has what its phase needs" "$(evaluate "$trace" '[e for e in events if not (
	e["ph"] in "XiCM" and isinstance(e["name"], str) and {"pid", "tid"} <= e.keys() and
	(e["ph"] == "M" or isinstance(e["ts"], (int, float)) and e["ts"] >= 0) and
	(e["ph"] != "X" or e["dur"] >= 0) and (e["ph"] != "i" or e["s"] in "gpt") and
	(e["ph"] != "C" or all(isinstance(v, (int, float)) for v in e["args"].values())))]')" "[]"
is "spans of a track do not cross" "$(evaluate "$trace" '[(a, b)
	for a in named("X", "") for b in named("X", "") if (a["pid"], a["tid"]) == (b["pid"], b["tid"])
	and a["ts"] < b["ts"] - .0005 and b["ts"] < a["ts"] + a["dur"] - .0005
	and b["ts"] + b["dur"] > a["ts"] + a["dur"] + .0005]')" "[]"
is "every track has one name" "$(evaluate "$trace" \
	'{(e["pid"], e["tid"]) for e in named("X", "")} ==
	 {(e["pid"], e["tid"]) for e in named("M", "thread_name")} and
	 len(named("M", "thread_name")) == len({(e["pid"], e["tid"]) for e in named("X", "")})')" True
is "spans are those of the page" "$(evaluate "$trace" \
	'[len(named("X", n)) for n in ("set-up", "live", "draining", "releasing")]')" "[4, 5, 3, 3]"
is "set-up takes what the replay says" \
	"$(evaluate "$trace" 'sorted(round(e["dur"] * 1000) for e in named("X", "set-up"))')" \
	"$(evaluate "$scratch/replay" 'sorted(p["setup_ns"] for p in d["pagemaps"] if p["setup_ns"])')"
is "the held one drains for a second" \
	"$(evaluate "$trace" 'sum(1e6 < e["dur"] < 2e6 for e in named("X", "draining"))')" 1
is "the finding is an instant" \
	"$(evaluate "$trace" '[(e["name"], e["args"]["severity"]) for e in named("i", "")]')" \
	"[('ADD_ON_ACTIVE', 'ERROR')]"
is "counters have every fault" "$(evaluate "$trace" \
	'sum(e["args"]["count"] for e in named("C", "faults"))')" 1920
is "the slowest faults are spans, the others are counted" "$(evaluate "$trace" \
	'len(named("X", "fault")), d["otherData"]["faults_left_out"]')" "(256, 1664)"
is "the slowest took what the replay says" \
	"$(evaluate "$trace" 'max(round(e["dur"] * 1000) for e in named("X", "fault"))')" \
	"$(evaluate "$scratch/replay" 'max(p["fault_max_ns"] for p in d["pagemaps"])')"

# ---- what cannot be done ----
rc=0
"$pgmapstat" report "$share/trace.dat" 2>/dev/null || rc=$?
is "no -o: exit 129" "$rc" 129
report -o "$scratch/nowhere/page.html"
is "a place that is not there: exit 1, and why" "$rc $(cat "$scratch/out" "$scratch/err")" \
	"1 pgmapstat: cannot write $scratch/nowhere/page.html: No such file or directory"
report -o "$share/trace.dat"
is "the recording is not written over" "$rc $(cat "$scratch/out" "$scratch/err")" \
	"1 pgmapstat: cannot write $share/trace.dat: it is what is read"
mkdir "$scratch/empty"
head -c 3000 "$share/trace.dat" >"$scratch/cut"
rc=0
"$pgmapstat" report "$scratch/cut" -o "$scratch/empty/page.html" 2>/dev/null || rc=$?
is "what cannot be read leaves no page: exit 1" "$rc $(ls "$scratch/empty")" "1 "
