#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The systemd unit under a real systemd, on one of Debian's kernels: with the rights and the
# system calls that it leaves pgmapstat watches, sees a pagemap, and says what it has seen.
# timeout: 600
set -eu
. "$(dirname "$0")/lib.sh"
build_tool
on_host "$top/guest/debian" debian-6.12
in_guest --kernel debian-6.12 --append "memmap=64M!0x140000000" --mem 6G --timeout 560

mountpoint -q /run || mount -t tmpfs tmpfs /run
mountpoint -q /sys/fs/cgroup || mount -t cgroup2 cgroup2 /sys/fs/cgroup
rm -rf /etc/systemd/system/*.wants
cp "$pgmapstat" /usr/bin/pgmapstat
cp "$top/packaging/pgmapstat.service" /etc/systemd/system/
printf '[Unit]\nRequires=pgmapstat.service\n' >/etc/systemd/system/trial.target
cat >"$scratch/first" <<'END'
mount -t proc proc /proc
# its own: it empties it
mount -t tmpfs tmpfs /tmp
exec env -i container=lxc PATH=/usr/sbin:/usr/bin:/sbin:/bin \
	/lib/systemd/systemd --unit=trial.target --show-status=0 --log-target=null
END
unshare --fork --pid --mount bash "$scratch/first" </dev/null >"$scratch/log" 2>&1 &

# inside COMMAND ...: among systemd's processes
inside() {
	nsenter -t "$(pgrep -f 'systemd --unit=trial' | tail -n 1)" -p -m "$@" 2>&1 || true
}

# until_true COMMAND ...: waits for it, two minutes at most; fails in silence
until_true() {
	for _ in $(seq 120); do
		"$@" >"$scratch/tried" 2>&1 && return
		sleep 1
	done
}

# is_watching: it waits for events, in epoll_wait(), poll(), ppoll() or epoll_pwait()
is_watching() {
	grep -Eq '^(232|7|271|281) ' "/proc/$(pgrep -xn pgmapstat)/syscall"
}

plan 6
until_true is_watching
is "systemd has started it, and it watches" "$(inside systemctl is-active pgmapstat)" active
status=/proc/$(pgrep -xn pgmapstat)/status
# CAP_PERFMON and CAP_BPF: on these kernels it goes on attaching, to handlers of faults
is "it has its two rights and no more" "$(awk '/^Cap(Eff|Prm)/ { print $2 }' "$status" | sort -u)" \
	000000c000000000
unlike "and is not root" "$(grep ^Uid "$status")" 'Uid:.0'

modprobe -a nd_e820 nd_pmem
until_true test -b /dev/pmem0
echo namespace0.0 >/sys/bus/nd/drivers/nd_pmem/unbind
inside systemctl stop pgmapstat >"$scratch/stopped"
inside cat /var/log/pgmapstat/findings.json >"$scratch/findings"
inside journalctl --no-pager -u pgmapstat >"$scratch/journal"
like "asked to stop it says the verdict" "$(cat "$scratch/journal")" 'verdict: clean'
is "and keeps it: a pagemap came and went" "$("${python[@]}" -c 'import json, sys
r = json.loads(open(sys.argv[1]).readlines()[-1])
print(r["verdict"], *((p["type"], p["state"]) for p in r["pagemaps"]))' "$scratch/findings")" \
	"clean ('FS_DAX', 'RELEASED')"
is "nothing is said against it" "$(grep -c 'Failed\|exited' "$scratch/journal" || true)" 0
