# SPDX-License-Identifier: GPL-2.0
# Judges the TAP output of one test program for tests/run.
#	awk -v name=N -v status=EXIT -v limit=S -v seconds=S -v sum=FILE -f tap.awk LOG
# Prints a summary line, then the failures with their comments, and each skip;
# writes "passed failed skipped" to FILE.

function blame(text) {
	failed++
	details = details "    not ok - " text "\n"
}

{ sub(/\r$/, "") }

/^1\.\.[0-9]+/ {
	plans++
	planned = substr($1, 4) + 0
	if (planned == 0 && /# *SKIP/) {
		skipped++
		details = details "    skipped: " $0 "\n"
	}
	next
}

/^ok([ \t]|$)/ {
	results++
	in_failure = 0
	if (/# *SKIP/) {
		skipped++
		details = details "    skipped: " $0 "\n"
	} else {
		passed++
	}
	next
}

/^not ok([ \t]|$)/ {
	results++
	failed++
	in_failure = 30
	details = details "    " $0 "\n"
	next
}

/^Bail out!/ { blame($0) }

/^#/ && in_failure > 0 {
	in_failure--
	details = details "    " $0 "\n"
}

END {
	if (plans != 1)
		blame("printed " plans + 0 " plans instead of one")
	else if (planned != results)
		blame("planned " planned " results, gave " results + 0)
	if ((status == 124 || status == 137) && seconds >= limit)
		blame("did not end within " limit " seconds")
	else if (status != 0 && failed == 0)
		blame("exit code " status)
	printf "%-40s %d passed, %d failed, %d skipped (%d s)\n%s", name, passed, failed, \
		skipped, seconds, details
	print passed + 0, failed + 0, skipped + 0 >sum
}
