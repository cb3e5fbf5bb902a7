# SPDX-License-Identifier: GPL-2.0
# Finds the kernel's own reports of trouble in a console log and prints each but
# the permitted ones; exits 1 when it printed any.
#	awk -v allow='REGEX<newline>REGEX' -f splat.awk LOG
# A report is permitted when one of its lines matches one of the regexes.

function report_end(	i, n, regex, permitted) {
	if (report == "")
		return
	n = split(allow, regex, "\n")
	for (i = 1; i <= n; i++)
		if (regex[i] != "" && report ~ regex[i])
			permitted = 1
	if (!permitted) {
		printf "%s", report
		found = 1
	}
	report = ""
	left = 0
}

BEGIN {
	# extended regexes, one kind of report each
	split("WARNING: \nBUG: \nkernel BUG at\nOops: \ngeneral protection fault\nUBSAN: \n" \
	      "INFO: (task|possible|trying|inconsistent)\nrcu: INFO: \nODEBUG: \n" \
	      "Kernel panic\nBad page (state|map)\npercpu ref .* <= 0\nrefcount_t: \n" \
	      "unreferenced object\nkmemleak: [0-9]+ new suspected\n" \
	      "sysfs: cannot create duplicate\nlist_(add|del) corruption", kinds, "\n")
	for (k in kinds)
		any = any (any == "" ? "" : "|") kinds[k]
}

{ sub(/\r$/, "") }

/-+\[ cut here \]-+/ {
	report_end()
	report = $0 "\n"
	left = 80
	next
}

# the line that ends a report of this form
/-+\[ end (trace|Kernel panic)/ {
	if (report != "") {
		report = report $0 "\n"
		report_end()
	}
	next
}

# each leaked object is a report of its own
/unreferenced object/ {
	report_end()
}

$0 ~ any && report == "" {
	report = $0 "\n"
	left = 60
	next
}

report != "" {
	report = report $0 "\n"
	if (--left == 0)
		report_end()
}

END {
	report_end()
	exit found
}
