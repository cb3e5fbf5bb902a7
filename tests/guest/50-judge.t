#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# tests/kernels/judge fails a scenario for each thing that can be wrong with what
# pgmapstat said of it. On the host, on a report made up here.
set -eu
. "$(dirname "$0")/lib.sh"

# made_up CHANGE: a result in which all is right but what the statement in python changes;
# one pagemap that was used, one that was not, and one older than the run
made_up() {
	rm -f "$scratch"/case.*
	"${python[@]}" - "$scratch/case" "$1" <<'END'
import json, sys
def pagemap(start, used, **more):
    return dict({"pgmap": hex(start), "type": "PRIVATE", "driver": "test_hmm", "partial": False,
                 "state": "RELEASED", "error": 0, "nr_range": 1, "pages": 16, "outstanding": 0,
                 "ranges": [{"start": hex(start), "end": hex(start + 0xffff)}],
                 "allocs": used, "frees": used, "faults": used}, **more)
p, idle = pagemap(0x10000, 8), pagemap(0x30000, 0)
old = pagemap(0x70000, 0, type="GENERIC", driver="", partial=True, state="LIVE")
report = {"kind": "report", "verdict": "clean", "lost": {"ring_buffer_full": 0},
          "pagemaps": [p, idle, old]}
lines = [report]
files = {"code": "0", "shows": "allocs frees faults", "sums": "8 8 8",
         "expect": "65536 65536 - - -\n196608 65536 - - -"}
exec(sys.argv[2])
files["out"] = "\n".join(json.dumps(line) for line in lines)
for name, text in files.items():
    open(sys.argv[1] + "." + name, "w").write(text)
END
}

judged() {
	made_up "$1"
	"$top/tests/kernels/judge" "$scratch/case" PRIVATE test_hmm || true
}

good=(
	"all is right" ""
	"allocs that cannot be shown are null"
	"p['allocs'] = p['outstanding'] = idle['allocs'] = idle['outstanding'] = None; files['shows'] = 'frees faults'"
)
bad=(
	"another type" "p['type'] = 'GENERIC'"
	"another driver" "p['driver'] = ''"
	"another range" "p['ranges'][0]['end'] = '0x1ffff0'"
	"two ranges" "p['nr_range'] = 2"
	"other pages" "p['pages'] = 15"
	"still there" "p['state'] = 'LIVE'"
	"one too many, still there" "report['pagemaps'].append(pagemap(0x50000, 0, state='KILLED'))"
	"an add that failed" "report['pagemaps'].append(pagemap(0x50000, 0, error=-12))"
	"seen twice" "report['pagemaps'].append(p)"
	"a page too few allocated" "p['allocs'] = 7"
	"a page too many freed" "p['frees'] = 9"
	"a fault missed" "p['faults'] = 7"
	"a count unknown that can be shown" "p['frees'] = None"
	"a count that cannot be shown is 0"
	"p['allocs'] = idle['allocs'] = 0; files['shows'] = 'frees faults'"
	"outstanding known without allocs"
	"p['allocs'] = idle['allocs'] = None; files['shows'] = 'frees faults'"
	"pages outstanding" "p['outstanding'] = 1"
	"another verdict" "report['verdict'] = 'inconclusive'"
	"another exit code" "files['code'] = '3'"
	"an event lost" "report['lost']['ring_buffer_full'] = 1"
	"a finding" "lines.insert(0, {'kind': 'finding', 'rule': 'LEAK'})"
	"no report" "lines.clear()"
	"a guest that died" "del files['code']"
	"nothing expected" "files['expect'] = ''"
	"a scenario that failed" "files['failed'] = 'it cannot be prepared'"
)
plan $(((${#good[@]} + ${#bad[@]}) / 2))
for ((i = 0; i < ${#good[@]}; i += 2)); do
	like "passes: ${good[i]}" "$(judged "${good[i + 1]}")" '^passed'
done
for ((i = 0; i < ${#bad[@]}; i += 2)); do
	like "fails: ${bad[i]}" "$(judged "${bad[i + 1]}")" '^failed'
done
