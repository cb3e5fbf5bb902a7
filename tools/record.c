// SPDX-License-Identifier: GPL-2.0-only
/* The loop of recording, which looks at nothing that it records. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "child.h"
#include "clock.h"
#include "inspect/inspect.h"
#include "naming.h"
#include "older.h"
#include "record.h"
#include "rights.h"
#include "signals.h"
#include "source/filter.h"
#include "stall.h"

/* So often the buffers are emptied: each time a page of each CPU is not full yet. */
#define DRAIN_EVERY_NS	250000000ULL

struct record {
	const struct pgmap_record_options *options;
	struct pgmap_capture *capture;
	struct pgmap_child child;
	struct pgmap_symbols *symbols;
	struct pgmap_stall stall;
	struct pgmap_naming *naming;
	struct pgmap_listing listing;
};

static enum pgmap_exit complain(const char *what, const char *why)
{
	fprintf(stderr, "pgmapstat: %s%s%s\n", what, *why ? ": " : "", why);
	return PGMAP_EXIT_ERROR;
}

/* ---- older pagemaps ---- */

static int add_one(struct record *record, const struct pgmap_listed *listed)
{
	struct pgmap_evidence evidence = { .callback = listed->callback, .range = listed->ranges };
	struct pgmap_source_older one = pgmap_older_of(listed);

	pgmap_naming_find(record->naming, &evidence, one.driver, one.device);
	if (!pgmap_source_wants(&record->options->capture.from, one.pgmap, one.type, one.driver))
		return 0;
	return pgmap_capture_older(record->capture, &one);
}

/* What cannot be found shows itself by its first event, as for anybody who comes later. */
static int add_older(struct record *record)
{
	char why[PGMAP_WHY_LEN] = "";
	struct pgmap_inspector *inspector;
	int err = 0;
	size_t i;

	record->stall.log = record->options->capture.from.log;
	record->stall.symbols = record->symbols;
	inspector = pgmap_stall_inspector(&record->stall, why, sizeof(why));
	if (!inspector || pgmap_inspector_list(inspector, &record->listing, why, sizeof(why))) {
		fprintf(stderr, "pgmapstat: pagemaps older than this recording are not in it: %s\n",
			why);
		return 0;
	}
	for (i = 0; i < record->listing.nr && !err; i++)
		err = add_one(record, &record->listing.all[i]);
	return err;
}

/* ---- the loop ---- */

static bool is_over(struct record *record, __u64 since_ns)
{
	const struct pgmap_record_options *options = record->options;

	if (pgmap_signals_stop_asked())
		return true;
	if (options->command && pgmap_child_has_ended(&record->child))
		return true;
	return options->duration_ns && pgmap_now_ns() - since_ns >= options->duration_ns;
}

static int loop(struct record *record, char why[PGMAP_WHY_LEN])
{
	__u64 since_ns = pgmap_now_ns(), wait = DRAIN_EVERY_NS;
	int err = 0;

	if (record->options->duration_ns && record->options->duration_ns < wait)
		wait = record->options->duration_ns;
	while (!err && !is_over(record, since_ns)) {
		err = pgmap_signals_wait(-1, wait);
		if (err)
			snprintf(why, PGMAP_WHY_LEN, "cannot wait: %s", strerror(-err));
		else
			err = pgmap_capture_drain(record->capture, why);
	}
	return err;
}

/* ---- the end ---- */

static enum pgmap_exit tell(const struct record *record, const struct pgmap_capture_result *result)
{
	const struct pgmap_record_options *options = record->options;
	char failure[128];
	bool failed = pgmap_child_failure(&record->child, failure, sizeof(failure));

	if (failed)
		fprintf(stderr, "pgmapstat: command %s %s\n", options->command[0], failure);
	if (result->lost)
		fprintf(stderr, "pgmapstat: %s: %llu records are missing: %s\n",
			options->capture.path, result->lost,
			result->full ? "it is as large as --size allows" :
				       "the buffers were full, ask for more with --buffer");
	else if (!options->quiet)
		printf("%s: %llu bytes of records, nothing is missing\n", options->capture.path,
		       result->bytes);
	if (result->lost)
		return PGMAP_EXIT_INCOMPLETE;
	return failed ? PGMAP_EXIT_ERROR : PGMAP_EXIT_GOOD;
}

/* All that takes rights; the command is the user's own and has those that it would have had. */
static enum pgmap_exit begin(struct record *record)
{
	char *const *command = record->options->command;
	int err = add_older(record);

	if (err)
		return complain("cannot record older pagemaps", strerror(-err));
	err = command ? pgmap_child_start(&record->child, command) : 0;
	if (err)
		return complain(command[0], strerror(-err));
	err = pgmap_rights_drop_all();
	return err ? complain("cannot give up capabilities", strerror(-err)) : PGMAP_EXIT_GOOD;
}

static enum pgmap_exit watch(struct record *record)
{
	const struct pgmap_record_options *options = record->options;
	struct pgmap_capture_result result = { 0 };
	char why[PGMAP_WHY_LEN] = "";
	enum pgmap_exit code = begin(record);
	bool complete;
	int err;

	if (code != PGMAP_EXIT_GOOD)
		return code;
	err = loop(record, why);
	complete = options->command && pgmap_child_has_ended(&record->child);
	pgmap_signals_release();
	pgmap_child_stop(&record->child);
	if (err || pgmap_capture_finish(record->capture, complete, &result, why))
		return complain(why, "");
	return tell(record, &result);
}

enum pgmap_exit pgmap_record(const struct pgmap_record_options *options)
{
	struct record record = { .options = options };
	struct pgmap_naming_options naming = { 0 };
	char why[PGMAP_WHY_LEN] = "";
	enum pgmap_exit code;

	if (pgmap_symbols_open(&record.symbols, NULL))
		return complain("cannot start", strerror(ENOMEM));
	naming.symbols = record.symbols;
	/* before there is anything that whoever ends it now would leave behind */
	pgmap_signals_hold();
	if (pgmap_naming_open(&record.naming, &naming))
		code = complain("cannot start", strerror(ENOMEM));
	else if (pgmap_capture_open(&record.capture, &options->capture, why))
		code = complain(why, "");
	else
		code = watch(&record);
	pgmap_capture_free(record.capture);
	pgmap_listing_free(&record.listing);
	pgmap_stall_free(&record.stall);
	pgmap_naming_free(record.naming);
	pgmap_symbols_free(record.symbols);
	return code;
}
