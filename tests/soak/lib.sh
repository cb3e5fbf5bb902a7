# SPDX-License-Identifier: GPL-2.0
# Watches legal use of device memory: whatever the tool finds then is a false alarm.
# Source it after lib.sh of tests/guest.
#
#	soak WORKLOAD N		runs tests/soak/work under two observers, with and without
#				--pages, while startstop starts and stops further ones;
#				gives soak_results results
#	soak_seed		of the random moments; SOAK_SEED sets it

# shellcheck shell=bash disable=SC2034,SC2154
soak_results=6
soak_seed=${SOAK_SEED:-$((10#$(date +%N) % 32768))}

# soak_summary FILE: verdict, what was lost, how often which rule was broken
soak_summary() {
	"${python[@]}" -c 'import json, sys
r = [json.loads(line) for line in open(sys.argv[1])][-1]
print(r["verdict"], {k: v for k, v in r["lost"].items() if v and k != "fault_without_enter"},
      {k: v for k, v in r["rules"].items() if v})' "$1"
}

# soak_seen FILE: how many pagemaps were seen adding and going
soak_seen() {
	"${python[@]}" -c 'import json, sys
t = [json.loads(line) for line in open(sys.argv[1])][-1]["totals"]
print(t["states"]["RELEASED"] + t["forgotten"])' "$1"
}

# soak_watched WORKLOAD N: one observer runs the other, which runs the workload
soak_watched() {
	"$pgmapstat" check --json -- sh -c 'exec "$@" >"$0"' "$dir/pages.json" \
		"$pgmapstat" check --json --pages -- \
		"$top/tests/soak/work" "$1" "$2" "$dir" >"$dir/plain.json" 2>"$dir/err"
}

soak() {
	local dir=$scratch/$1 rc=0 loop want start=$SECONDS

	mkdir "$dir"
	"$top/tests/soak/startstop" "$pgmapstat" "$dir" "$soak_seed" 2>"$dir/startstop.err" &
	loop=$!
	soak_watched "$1" "$2" || rc=$?
	touch "$dir/stop"
	wait $loop || echo "startstop ended with $?" >>"$dir/bad"
	want="clean {} {}"
	[ "$1" != failures ] || want="clean {} {'ADD_FAILED': $(cat "$dir/failed")}"
	is "$1: the rounds went well" "$rc" 0
	[ "$rc" -eq 0 ] || diag "$(cat "$dir/err" "$dir/startstop.err"; tail -n 30 "$dir/log")"
	is "$1: no false alarm" "$(soak_summary "$dir/plain.json")" "$want"
	is "$1: none with --pages" "$(soak_summary "$dir/pages.json")" "$want"
	ok "$1: $(soak_seen "$dir/plain.json") pagemaps were seen" \
		[ "$(soak_seen "$dir/plain.json")" -ge "$2" ]
	is "$1: none in $(grep -c . "$dir/runs") runs that began and ended at random moments" \
		"$(cat "$dir/bad")" ""
	ok "$1: $(cat "$dir/verdicts") of them came to a verdict" [ "$(cat "$dir/verdicts")" -ge 1 ]
	diag "$1: $(cat "$dir/done") rounds in $((SECONDS - start)) s, seed $soak_seed"
	soak_alarmed "$dir"
}

# soak_alarmed DIR: the findings, as they are, when there were any that are not expected
soak_alarmed() {
	grep -h '"kind":"finding"' "$1/plain.json" "$1/pages.json" | grep -v ADD_FAILED |
		head -n 5 | cut -c 1-3000 | sed 's/^/# /' || true
}
