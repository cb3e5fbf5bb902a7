#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Recordings of each kind, made in a guest, damaged by libFuzzer in any way, are read to their
# end or refused with a reason: no crash, no leak, no undefined behaviour.
# timeout: 500
set -eu
. "$(dirname "$0")/../guest/lib.sh"

# so many inputs in make check, or for so long (FUZZ_SECONDS)
limit=(-runs="${FUZZ_RUNS:-6000}")
[ -z "${FUZZ_SECONDS:-}" ] || limit=(-max_total_time="$FUZZ_SECONDS" -runs=-1)

on_host make -s -C "$top/tools" all fuzz
on_host "$top/tests/modules/build" pgmap
mkdir -p "$scratch/seeds" "$scratch/corpus" "$top/.output/tests"

# what replay says of them is what they are good for
guest_script --hmm --share "$scratch/seeds" <<END
cd /mnt/share
m=$top/.output/modules/pgmap
cat >/tmp/work <<'WORK'
insmod \$1/pgmap_hmm.ko
\$1/hmm_touch 0 2 1
rmmod pgmap_hmm
WORK
insmod \$m/pgmap_poke.ko
echo "claim 0 1 0x8000000" >/dev/pgmap_poke
$pgmapstat record -q -o /tmp/record.dat -- bash /tmp/work \$m
perf record -q -a -e 'memremap:*' -o /tmp/perf.data bash /tmp/work \$m >/dev/null 2>&1
perf record -q -a -z -e 'memremap:*' -o /tmp/packed.data bash /tmp/work \$m >/dev/null 2>&1
cp /tmp/record.dat /tmp/perf.data /tmp/packed.data .
for file in *; do
	$pgmapstat replay -q \$file
done
END

plan 5
is "recordings are made and read: exit 0" "$rc" 0
is "of each kind" "$(grep -c '^verdict: clean' <<<"$out")" 3

# run OPTION ...: rc and out
run() {
	rc=0
	out=$("$top/.output/fuzz/recording" -timeout=60 -rss_limit_mb=2048 \
		-artifact_prefix="$top/.output/tests/recording-" -print_final_stats=1 "$@" 2>&1) ||
		rc=$?
}
run -seed=1 -max_len=200000 "${limit[@]}" "$scratch/corpus" "$scratch/seeds"
is "nothing found" "$rc" 0
[ "$rc" -eq 0 ] || diag "$(grep -v '^#' <<<"$out")"
done=$(sed -n 's/^stat::number_of_executed_units: *//p' <<<"$out")
diag "$done inputs, coverage $(grep -o 'cov: [0-9]*' <<<"$out" | tail -n 1)"
ok "as many inputs as were asked for" [ "$done" -ge "${FUZZ_RUNS:-6000}" ]

# each of the seeds cut off anywhere, by the tool itself
cut_off() {
	local file=$1 size part code

	size=$(stat -c %s "$file")
	for part in $(seq 1 3 99); do
		head -c $((size * part / 100)) "$file" >"$scratch/cut"
		code=0
		"$pgmapstat" replay -q "$scratch/cut" >/dev/null 2>"$scratch/err" || code=$?
		[ "$code $(wc -l <"$scratch/err")" = "1 1" ] || echo "$file $part % $code"
	done
}
is "cut off anywhere, they get one line and exit 1" \
	"$(cut_off "$scratch/seeds/record.dat"; cut_off "$scratch/seeds/perf.data"
		cut_off "$scratch/seeds/packed.data")" ""
