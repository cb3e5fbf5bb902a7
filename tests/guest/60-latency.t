#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Latencies of faults and lives in a known number: each way of telling them apart counts
# the same, text, CSV and JSON agree, and a saved result tells a slower driver from the same.
# timeout: 600
set -eu
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/poke.sh"
build_tool
build_modules pgmap
in_guest --hmm --timeout 560

touch=$modules/hmm_touch
fault_ms=/sys/module/pgmap_hmm/parameters/fault_ms

# latency OPTION ... -- COMMAND: its exit code, standard output and error in files
latency() {
	rc=0
	"$pgmapstat" latency "$@" >"$scratch/out" 2>"$scratch/err" || rc=$?
}

# json FILE EXPRESSION: of the object l of kind latency in FILE, its groups g
json() {
	"${python[@]}" -c 'import json, sys
l = [o for o in map(json.loads, open(sys.argv[1])) if o["kind"] == "latency"][0]
g = l["groups"]
keys = ("p50_ns", "p90_ns", "p99_ns", "p999_ns", "max_ns")
print(eval(sys.argv[2]))' "$1" "$2"
}

# diff OPTION ... FILE ...: as latency above
diff() {
	rc=0
	"$pgmapstat" diff "$@" >"$scratch/out" 2>"$scratch/err" || rc=$?
}

# all_said: what the last command said on both, and its exit code
all_said() {
	cat "$scratch/err" "$scratch/out"
	echo "exit $rc"
}

# a life with two devices, from the first to the last
cat >"$scratch/life" <<'END'
set -eu
insmod "$1/pgmap_hmm.ko" devices=2
"$1/hmm_touch" 0 64 3
"$1/hmm_touch" 1 16 2
rmmod pgmap_hmm
END

plan 57
latency --json --save "$scratch/life.json" -- bash "$scratch/life" "$modules"
is "a life is measured, the verdict clean" "$rc" 0
grep '"latency"' "$scratch/out" >"$scratch/line"
is "the file has the object that --json shows, but for the time of day" \
	"$(sed 's/"time":"[^"]*",//' "$scratch/life.json")" "$(cat "$scratch/line")"
is "both devices, in order of birth" "$(json "$scratch/line" '[p["device"] for p in g]')" \
	"['pgmap_hmm.0', 'pgmap_hmm.1']"
is "their faults" "$(json "$scratch/line" '[p["metrics"]["fault"]["count"] for p in g]')" "[192, 32]"
is "each is in a bucket" \
	"$(json "$scratch/line" '[sum(n for b, n in p["metrics"]["fault"]["buckets"]) for p in g]')" \
	"[192, 32]"
for metric in setup drain release; do
	is "one $metric each" \
		"$(json "$scratch/line" "[p['metrics']['$metric']['count'] for p in g]")" "[1, 1]"
done
is "percentiles and maximum in order" "$(json "$scratch/line" \
	'all(m[a] <= m[b] for p in g for m in p["metrics"].values() for a, b in zip(keys, keys[1:]))')" \
	True
is "none is zero" "$(json "$scratch/line" 'all(m["p50_ns"] for p in g for m in p["metrics"].values())')" \
	True
is "the rate is the count over the time" "$(json "$scratch/line" 'all(
	abs(m["rate"] * l["duration_ns"] / 1e9 - m["count"]) < 0.001
	for p in g for m in p["metrics"].values())')" True
is "no half of a pair" "$(json "$scratch/line" \
	'sum(m["unended"] + m["unstarted"] for p in g for m in p["metrics"].values())')" 0
is "the report has the same maximum, set-up and teardown" \
	"$("${python[@]}" -c 'import json, sys
l, r = map(json.loads, open(sys.argv[1]))
print(all(g["metrics"]["fault"]["max_ns"] == p["fault_max_ns"] and
          g["metrics"]["setup"]["max_ns"] == p["setup_ns"] and
          g["metrics"]["drain"]["max_ns"] + g["metrics"]["release"]["max_ns"] == p["teardown_ns"]
          for g, p in zip(l["groups"], r["pagemaps"])))' "$scratch/out")" True

latency -- bash "$scratch/life" "$modules"
like "the text has the counts" "$(cat "$scratch/out")" '^  fault +192 '
like "and bars" "$(cat "$scratch/out")" '^ +[0-9.]+us - [0-9.]+us .* \|#+ p50'
like "and what was lost" "$(cat "$scratch/out")" '^lost:  nothing$'

insmod "$modules/pgmap_hmm.ko" devices=2
latency --csv --save "$scratch/csv.json" -- "$touch" 0 64 3
is "CSV has nothing but rows" "$(grep -vc '^pgmap,\|^0x' "$scratch/out" || true)" 0
is "CSV and JSON agree, four metrics of two pagemaps" "$("${python[@]}" -c 'import csv, json, sys
rows = list(csv.DictReader(open(sys.argv[1])))
groups = {g["pgmap"]: g["metrics"] for g in json.load(open(sys.argv[2]))["groups"]}
print(len(rows), all(str(groups[r["pgmap"]][r["metric"]][k]) == v for r in rows
                     for k, v in r.items() if k.endswith("_ns") or k in ("count", "unended")))' \
	"$scratch/out" "$scratch/csv.json")" "8 True"
like "the verdict is on stderr" "$(cat "$scratch/err")" '^verdict: clean'

# two processes of two names, on a CPU each
cp "$touch" "$scratch/another"
cat >"$scratch/two" <<'END'
taskset -c 0 "$1" 0 64 3
taskset -c 1 "$2" 1 64 2
END
for by in comm cpu driver type node; do
	latency --by "$by" --json -- bash "$scratch/two" "$touch" "$scratch/another"
	cp "$scratch/out" "$scratch/$by"
	is "by $by: all faults are there" \
		"$rc $(json "$scratch/$by" 'sum(p["metrics"]["fault"]["count"] for p in g)')" "0 320"
done
is "by comm: each its own" \
	"$(json "$scratch/comm" '{p["comm"]: p["metrics"]["fault"]["count"] for p in g}')" \
	"{'another': 128, 'hmm_touch': 192}"
is "by cpu: each its own" \
	"$(json "$scratch/cpu" '{p["cpu"]: p["metrics"]["fault"]["count"] for p in g}')" \
	"{0: 192, 1: 128}"
is "by cpu: percentiles and maximum in order" "$(json "$scratch/cpu" \
	'all(m[a] <= m[b] for p in g for m in p["metrics"].values() for a, b in zip(keys, keys[1:]))')" \
	True
is "by driver: one of two pagemaps" "$(json "$scratch/driver" '[(p["driver"], p["pagemaps"]) for p in g]')" \
	"[('pgmap_hmm', 2)]"
is "by type" "$(json "$scratch/type" '[p["type"] for p in g]')" "['PRIVATE']"
latency --by cpu -D other --json -- "$touch" 0 64 1
is "a filter holds for groups, too" "$(json "$scratch/out" 'len(g)')" 0

# the phases of a fault, the driver sleeping a millisecond before it migrates
phase='{p["phase"]: p["metrics"]["fault"] for p in g}'
for backend in tp_btf kprobe; do
	echo 1 >"$fault_ms"
	latency --by phase --backend "$backend" --json -- "$touch" 0 64 2
	is "$backend: each fault is in all phases" \
		"$rc $(json "$scratch/out" "[(k, m['count']) for k, m in $phase.items()]")" \
		"0 [('whole', 128), ('collect', 128), ('unmap', 128), ('copy', 128), ('migrate', 128), ('finalize', 128), ('driver', 128)]"
	is "$backend: together they are the whole" "$(json "$scratch/out" \
		"0.95 < sum(m['mean_ns'] for k, m in $phase.items() if k != 'whole') / ${phase}['whole']['mean_ns'] < 1.05")" \
		True
	is "$backend: what the driver does besides is its own" \
		"$(json "$scratch/out" "(${phase}['driver']['p50_ns'] > 10**6, ${phase}['copy']['p50_ns'] < 10**6)")" \
		"(True, True)"
	echo 0 >"$fault_ms"
done
latency --by phase --backend tracefs -- true
like "tracefs knows no phases and says so" "$(all_said)" 'tracefs does not show phases of faults, which takes BPF'

# halves of a pair: one fault is running when the tool comes, one when it goes. On a slow
# machine it may be over before: then once more, with one that takes longer.
cat >"$scratch/begin" <<'END'
"$1" 0 1 1 &
until grep -q '^State:.[DZ]' "/proc/$!/status"; do sleep 0.1; done
END
cat >"$scratch/wait" <<'END'
while pgrep -x hmm_touch; do sleep 0.2; done
END
# of the pagemap that has any: two are there
pairs='[t for t in ((m["count"], m["unended"], m["unstarted"])
	for p in g for m in [p["metrics"]["fault"]]) if any(t)]'
for ms in 3000 12000 48000; do
	echo "$ms" >"$fault_ms"
	bash "$scratch/begin" "$touch"
	latency --json --save "$scratch/begun.json" -- bash "$scratch/wait"
	[ "$(json "$scratch/begun.json" "$pairs")" = "[]" ] || break
done
is "a fault that was running already is unstarted" "$(json "$scratch/begun.json" "$pairs")" \
	"[(0, 0, 1)]"
for ms in 3000 12000 48000; do
	echo "$ms" >"$fault_ms"
	latency --json --save "$scratch/open.json" -- bash "$scratch/begin" "$touch"
	bash "$scratch/wait" >"$scratch/out"
	[ "$(json "$scratch/open.json" "$pairs")" = "[(1, 0, 0)]" ] || break
done
is "a fault that is running still is unended" "$(json "$scratch/open.json" "$pairs")" \
	"[(0, 1, 0)]"

# a driver that has become slower, and one that has not
echo 0 >"$fault_ms"
latency --save "$scratch/base.json" -- "$touch" 0 64 20
for i in 1 2 3; do
	latency --save "$scratch/same$i.json" -- "$touch" 0 64 20
	[ "$rc" -eq 0 ] || diag "$(cat "$scratch/err")"
done
echo 1 >"$fault_ms"
latency --save "$scratch/slow.json" -- "$touch" 0 64 20
diff --fail-over 10% "$scratch/base.json" "$scratch/base.json"
is "a result is the same as itself" "$rc" 0
unlike "without any change" "$(cat "$scratch/out")" 'slower|faster|only'
diff "$scratch/base.json" "$scratch/slow.json"
like "a millisecond more is slower" "$(cat "$scratch/out")" 'fault +p50 .* slower$'
is "which is no failure by itself" "$rc" 0
diff --fail-over 10% "$scratch/base.json" "$scratch/slow.json"
is "with --fail-over it is: exit 2" "$rc" 2
diff --fail-over 10% "$scratch/slow.json" "$scratch/base.json"
like "the other way round it is faster, exit 0" "$(all_said)" '^exit 0$'
like "and says so" "$(cat "$scratch/out")" 'fault +p50 .* faster$'
diff --fail-over 100% --json "$scratch"/{base,same1}.json -- "$scratch"/{same2,same3}.json
like "two runs on each side" "$(all_said)" '"base":\{"ns":[0-9]+,"count":2560,"runs":2\}'

# a made-up one: each fault one bucket row, that is a power of two, slower
"${python[@]}" -c 'import json, sys
l = json.load(open(sys.argv[1]))
for g in l["groups"]:
    m = g["metrics"]["fault"]
    m["buckets"] = [[b + 32, n] for b, n in m["buckets"]]
    m["max_ns"] *= 2
json.dump(l, open(sys.argv[2], "w"))' "$scratch/base.json" "$scratch/double.json"
diff --fail-over 10% "$scratch/base.json" "$scratch/double.json"
like "a file with all faults twice as slow: exit 2" "$(all_said)" '^exit 2$'
like "with the ratio" "$(cat "$scratch/out")" 'fault +p50 .* (1\.99[0-9]|2\.00[0-9]) .* slower$'

# what cannot be compared
sed 's/"cpus":2/"cpus":4/' "$scratch/base.json" >"$scratch/cpus.json"
diff "$scratch/base.json" "$scratch/cpus.json"
like "another number of CPUs is refused" "$(all_said)" 'differ in cpus: 2 and 4.*--force'
is "exit 1" "$rc" 1
diff --force "$scratch/base.json" "$scratch/cpus.json"
is "and taken with --force" "$rc" 0
head -c 1000 "$scratch/base.json" >"$scratch/cut.json"
diff "$scratch/base.json" "$scratch/cut.json"
is "a file that is cut off is refused in one line" "$rc $(wc -l <"$scratch/err") $(wc -l <"$scratch/out")" \
	"1 1 0"
like "with its name and what it is" "$(cat "$scratch/err")" 'cut\.json: .*incomplete'
: >"$scratch/empty.json"
diff "$scratch/empty.json" "$scratch/base.json"
like "so is an empty one" "$(all_said)" 'empty\.json: the file is empty'
diff --fail-over 10% "$scratch/base.json" "$scratch/begun.json"
is "one without values is inconclusive: exit 3" "$rc" 3
latency --save /nowhere/base.json -d 1s
like "a file that cannot be written is told before the run" "$(all_said)" \
	'cannot write /nowhere/base.json: No such file'
