// SPDX-License-Identifier: GPL-2.0-only
/*
 * Trace-event JSON: a track for each pagemap with what it was doing, one for each thread with
 * its slowest faults, counters of faults over time, and findings as instants.
 */
#include <string.h>

#include <pgmap/names.h>

#include "escape.h"
#include "plot.h"

/* Tracks are numbered by us, so that no real thread's number is taken for one of them. */
enum { PAGEMAPS = 1, FAULTS = 2, FIRST_TRACK = 10 };

static void put_us(FILE *out, const char *key, __u64 ns)
{
	fprintf(out, ",\"%s\":%llu.%03llu", key, ns / 1000, ns % 1000);
}

static void put_head(FILE *out, const char *phase, int process, size_t track, const char *name)
{
	fprintf(out, ",\n{\"ph\":\"%s\",\"pid\":%d,\"tid\":%zu,\"name\":\"%s\"", phase, process,
		track, name);
}

static void put_name_of(FILE *out, const char *what, int process, size_t track, const char *text,
			size_t limit)
{
	put_head(out, "M", process, track, what);
	fputs(",\"args\":{\"name\":", out);
	pgmap_put_json_string(out, text, limit);
	fputs("}}", out);
}

/* ---- pagemaps ---- */

static void put_span(FILE *out, size_t track, const char *name, __u64 from, __u64 to)
{
	if (!from || to < from)
		return;
	put_head(out, "X", PAGEMAPS, track, name);
	put_us(out, "ts", from);
	put_us(out, "dur", to - from);
	fputs(",\"cat\":\"pagemap\"}", out);
}

static __u64 first_of(__u64 a, __u64 b, __u64 otherwise)
{
	return a ? : b ? : otherwise;
}

/* A failed add that is unwound is killed inside of its set-up, where these spans nest. */
static void put_life(FILE *out, const struct pgmap_timeline *timeline,
		     const struct pgmap_life *life, size_t track)
{
	__u64 end = first_of(life->released_ns, life->replaced_ns, timeline->end_ns);
	__u64 added = life->begin_ns ? life->begin_ns + life->row.setup_ns : timeline->start_ns;
	__u64 killed = life->killed_ns, drained = life->drained_ns;
	char name[160];

	snprintf(name, sizeof(name), "0x%llx gen %u %s %.31s %.31s", life->row.pgmap,
		 life->row.generation, pgmap_type_name(life->row.type), life->row.driver,
		 life->row.device);
	put_name_of(out, "thread_name", PAGEMAPS, track, name, sizeof(name));
	put_span(out, track, life->row.error ? "set-up (failed)" : "set-up", life->begin_ns, added);
	if (!life->row.error)
		put_span(out, track, "live", added, killed ? : end);
	put_span(out, track, "draining", killed, drained ? : end);
	put_span(out, track, "releasing", drained, end);
}

static void put_lives(FILE *out, const struct pgmap_timeline *timeline)
{
	size_t i;

	put_name_of(out, "process_name", PAGEMAPS, 0, "pagemaps", 16);
	for (i = 0; i < timeline->nr; i++)
		put_life(out, timeline, &timeline->lives[i], FIRST_TRACK + i);
}

/* ---- faults ---- */

/* The track of a thread: that of its first fault here. */
static size_t track_of(const struct pgmap_timeline *timeline, size_t fault)
{
	const struct pgmap_slow_fault *all = timeline->slowest.faults;
	size_t first = 0;

	while (all[first].end.tid != all[fault].end.tid)
		first++;
	return FIRST_TRACK + PGMAP_MAX_LIVES + first;
}

static void put_fault(FILE *out, const struct pgmap_timeline *timeline, size_t i)
{
	const struct pgmap_slow_fault *fault = &timeline->slowest.faults[i];
	size_t track = track_of(timeline, i);
	char name[48];

	if (track == FIRST_TRACK + PGMAP_MAX_LIVES + i) {
		snprintf(name, sizeof(name), "%.16s thread %u", fault->end.comm, fault->end.tid);
		put_name_of(out, "thread_name", FAULTS, track, name, sizeof(name));
	}
	put_head(out, "X", FAULTS, track, "fault");
	put_us(out, "ts", fault->end.time_ns - fault->ns);
	put_us(out, "dur", fault->ns);
	fprintf(out, ",\"cat\":\"fault\",\"args\":{\"pgmap\":\"0x%llx\",\"generation\":%u,",
		fault->end.pgmap, fault->end.generation);
	fprintf(out, "\"address\":\"0x%llx\",\"pfn\":\"0x%llx\"}}", fault->end.address,
		fault->end.pfn);
}

static void put_counter(FILE *out, const char *name, __u64 time_ns)
{
	put_head(out, "C", FAULTS, 0, name);
	put_us(out, "ts", time_ns);
}

static void put_column(FILE *out, const struct pgmap_heat_column *column, __u64 time_ns)
{
	put_counter(out, "faults", time_ns);
	fprintf(out, ",\"args\":{\"count\":%llu}}", column->total);
	put_counter(out, "fault p50 (ns)", time_ns);
	fprintf(out, ",\"args\":{\"p50\":%llu}}", pgmap_heat_percentile(column, 500));
	put_counter(out, "fault p99 (ns)", time_ns);
	fprintf(out, ",\"args\":{\"p99\":%llu}}", pgmap_heat_percentile(column, 990));
}

static void put_faults(FILE *out, const struct pgmap_timeline *timeline)
{
	const struct pgmap_heat *heat = &timeline->heat;
	__u32 i;

	if (!heat->nr)
		return;
	put_name_of(out, "process_name", FAULTS, 0, "faults", 16);
	for (i = 0; i < heat->nr; i++)
		put_column(out, &heat->columns[i], heat->start_ns + i * heat->width_ns);
	put_counter(out, "faults", heat->start_ns + heat->nr * heat->width_ns);
	fputs(",\"args\":{\"count\":0}}", out);
	for (i = 0; i < timeline->slowest.nr; i++)
		put_fault(out, timeline, i);
}

/* ---- findings ---- */

/* On the track of its pagemap; of one that is left out, on that of all. */
static size_t track_of_finding(const struct pgmap_timeline *timeline,
			       const struct pgmap_finding *finding)
{
	size_t i;

	for (i = 0; i < timeline->nr; i++)
		if (timeline->lives[i].row.pgmap == finding->pgmap &&
		    timeline->lives[i].row.generation == finding->generation)
			return FIRST_TRACK + i;
	return 0;
}

static void put_finding(FILE *out, const struct pgmap_plot *plot,
			const struct pgmap_finding *finding)
{
	size_t track = track_of_finding(plot->timeline, finding);

	put_head(out, "i", PAGEMAPS, track, pgmap_rule_name(finding->rule));
	put_us(out, "ts", finding->time_ns);
	fprintf(out, ",\"s\":\"%s\",\"cat\":\"finding\",\"args\":{\"severity\":\"%s\",\"times\":%llu,",
		track ? "t" : "p",
		pgmap_severity_name(pgmap_snapshot_severity(plot->snapshot, finding)),
		finding->times);
	fputs("\"text\":", out);
	pgmap_put_json_string(out, pgmap_rule_text(finding->rule), 512);
	fputs(",\"comm\":", out);
	pgmap_put_json_string(out, finding->comm, PGMAP_COMM_LEN);
	fprintf(out, ",\"pid\":%u}}", finding->pid);
}

/* ---- all of it ---- */

static void put_other(FILE *out, const struct pgmap_plot *plot)
{
	const struct pgmap_timeline *timeline = plot->timeline;

	fputs("\n],\n\"otherData\":{\"tool\":", out);
	pgmap_put_json_string(out, plot->origin->tool, PGMAP_ORIGIN_LEN);
	fputs(",\"file\":", out);
	pgmap_put_json_string(out, plot->file, strlen(plot->file));
	fputs(",\"kernel\":", out);
	pgmap_put_json_string(out, plot->origin->kernel, PGMAP_ORIGIN_LEN);
	fprintf(out, ",\"verdict\":\"%s\",\"pagemaps_left_out\":%llu,\"faults_left_out\":%llu,",
		pgmap_verdict_name(plot->snapshot->verdict), timeline->left_out,
		timeline->slowest.left_out);
	fprintf(out, "\"findings_left_out\":%llu,\"counter_interval_ns\":%llu}}\n",
		plot->snapshot->findings->dropped, timeline->heat.width_ns);
}

void pgmap_plot_trace(FILE *out, const struct pgmap_plot *plot)
{
	const struct pgmap_findings *findings = plot->snapshot->findings;
	size_t i;

	fputs("{\"displayTimeUnit\":\"ns\",\"traceEvents\":[", out);
	fputs("\n{\"ph\":\"M\",\"pid\":1,\"tid\":0,\"name\":\"process_sort_index\",\"args\":{\"sort_index\":0}}",
	      out);
	put_lives(out, plot->timeline);
	put_faults(out, plot->timeline);
	for (i = 0; i < findings->nr; i++)
		put_finding(out, plot, &findings->all[i]);
	put_other(out, plot);
}
