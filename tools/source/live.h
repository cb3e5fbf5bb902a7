/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The parts of the live source share this and nobody else includes it: what an
 * open one holds, and what each part does for the others.
 */
#ifndef PGMAP_SOURCE_LIVE_H
#define PGMAP_SOURCE_LIVE_H

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "memremap.skel.h"
#include "order.h"
#include "slots.h"
#include "source.h"
#include "surroundings.h"
#include "told.h"

enum {
	PGMAP_MAX_LINKS = 24,
	PGMAP_REASON_LEN = 128,
	PGMAP_COUNTS_BATCH = 256,	/* slots read at once, at most */
};

/* A driver's migrate_to_ram() that is probed, for as long as a pagemap has it. */
struct pgmap_fault_probe {
	__u64 callback;		/* 0: free */
	__u64 since_ns;		/* attached; ~0: it could not be */
	struct bpf_link *enter;	/* both NULL: do_swap_page() stands in */
	struct bpf_link *leave;
};

/* A pagemap with such a function. */
struct pgmap_fault_user {
	__u64 pgmap;
	__u64 callback;
};

/* All zero is an empty one. */
struct pgmap_live_faults {
	struct pgmap_fault_probe *probes;
	size_t nr_probes;
	struct pgmap_fault_user *users;
	size_t nr_users;
	__u64 lost;		/* pagemaps some of whose faults may not have been seen */
	__u64 skipped;		/* by probes that are gone */
	bool by_swap;		/* do_swap_page() is watched, for those that cannot be probed */
};

struct pgmap_source {
	struct memremap_bpf *skeleton;
	struct bpf_link *links[PGMAP_MAX_LINKS]; /* that are not the skeleton's */
	int nr_links;
	struct ring_buffer *ring;
	struct pgmap_order order;
	struct pgmap_slots slots;
	struct pgmap_counts *per_cpu;	/* room for one look-up of @batch slots, at least one */
	__u32 batch;
	__u32 cpus;
	__u32 buffer_bytes;
	__u32 pages;			/* as in the options, these three */
	bool probe_get;
	enum pgmap_by by;
	__u64 stall_ns;
	__u64 last_tick_ns;
	__u64 turned_ns;		/* when the programs got the other map of latencies */
	struct pgmap_told told;
	struct pgmap_kernel kernel;
	const struct pgmap_live_backend *backend;
	__u32 sight;
	char reasons[PGMAP_NR_BACKENDS][PGMAP_REASON_LEN]; /* why not that one; empty: it can */
	struct pgmap_live_faults faults;
	int push_error;			/* met in a callback of libbpf */
	const struct pgmap_sink *sink;	/* during read() */
};

/* A way to have the events from BPF programs. */
struct pgmap_live_backend {
	enum pgmap_backend id;
	const char *what;
	/* can it be, by what the kernel has? Returns 0, or a negative errno and the reason */
	int (*probe)(const struct pgmap_kernel *kernel, char reason[PGMAP_REASON_LEN]);
	/* what it would show */
	__u32 (*sight)(const struct pgmap_kernel *kernel);
	/* which programs to load, and onto what; before the load */
	int (*choose)(struct pgmap_source *source);
	/* 0 or a negative errno */
	int (*attach)(struct pgmap_source *source);
};

/* ---- live.c ---- */

/* For whoever asked for it (-v), as the libraries' words. */
void pgmap_live_log(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* ---- live_backends.c ---- */

/* Those there are, in the order to try them in; NULL at the end. */
extern const struct pgmap_live_backend *const pgmap_live_backends[];

/* Is it one for a tracepoint of ours? */
bool pgmap_live_is_tracepoint(const struct bpf_program *program);

/* The program at this offset in the skeleton, struct memremap_bpf. */
struct bpf_program *pgmap_live_program(const struct pgmap_source *source, size_t offset);

/*
 * Attaches the one of two programs that is loaded, if any, by its offset as above, to @function or
 * its return: @trampoline to what it was made for, @probe by name. Returns 0 or a negative errno.
 */
int pgmap_live_attach(struct pgmap_source *source, size_t trampoline, size_t probe,
		      const char *function, bool is_return);

/*
 * Watches do_swap_page(), for faults whose handler cannot be probed; from then on until the
 * end. Returns 0 or a negative errno.
 */
int pgmap_live_attach_swap(struct pgmap_source *source);

/* ---- live_open.c ---- */

/* As open() of struct pgmap_source_ops, into a zeroed @source. Whatever it returns, close. */
int pgmap_live_open(struct pgmap_source *source, const struct pgmap_source_options *options,
		    char why[PGMAP_WHY_LEN]);

/* Detaches all and gives everything back, but for @source itself. */
void pgmap_live_close(struct pgmap_source *source);

/* ---- live_facts.c ---- */

size_t pgmap_live_facts(const struct pgmap_source *source,
			struct pgmap_fact facts[PGMAP_MAX_FACTS]);

/* ---- live_counts.c ---- */

/* Hands a slot to the programs. Returns 0 or a negative errno, as all below. */
int pgmap_live_give_slot(const struct pgmap_source *source, __u32 slot);

/* The sums of a slot as of now. */
int pgmap_live_read_slot(struct pgmap_source *source, __u32 slot, struct pgmap_counts *sums);

/* Last look at a slot that nothing has counted on since @since_ns; then it is free again. */
int pgmap_live_retire_slot(struct pgmap_source *source, __u32 slot, __u64 since_ns,
			   const struct pgmap_sink *sink);

/* Sums, latencies, losses and records as of now. */
int pgmap_live_read_counts(struct pgmap_source *source, const struct pgmap_sink *sink);

/* ---- live_latencies.c ---- */

/* All latencies up to now; to a sink that does not want them none. */
int pgmap_live_read_latencies(struct pgmap_source *source, const struct pgmap_sink *sink);

/* At least those up to @since_ns. */
int pgmap_live_take_latencies(struct pgmap_source *source, __u64 since_ns,
			      const struct pgmap_sink *sink);

/* All of them, if they are many: before there is no room for more. */
int pgmap_live_relieve_latencies(struct pgmap_source *source, const struct pgmap_sink *sink);

/* ---- live_older.c ---- */

/* As struct pgmap_source_ops says. */
int pgmap_live_adopt(struct pgmap_source *source, const struct pgmap_source_older *older);

/* ---- live_clock.c ---- */

/*
 * About once a second gives @sink a TICK of @watermark_ns, up to which it has all
 * events, and before that a FAULT_OPEN for each fault that has become too old.
 */
int pgmap_live_tick(struct pgmap_source *source, __u64 watermark_ns,
		    const struct pgmap_sink *sink);

/* ---- live_probes.c ---- */

/*
 * Attaches @program to the entry of a kernel function, or to its return: to @function, or,
 * if that is NULL, to what is at @address. The link is the caller's.
 */
int pgmap_live_probe(struct bpf_link **link, const struct bpf_program *program,
		     const char *function, __u64 address, bool is_return);

/* Tries it without a program. Returns 0 or a negative errno. */
int pgmap_live_may_probe(const char *function);

/* Why @kernel lets us make no probes, and what to do. */
void pgmap_live_why_no_probes(const struct pgmap_kernel *kernel, char reason[PGMAP_REASON_LEN]);

/* How often a probe's program was not run; 0 also where the kernel does not tell. */
__u64 pgmap_live_probe_skipped(const struct bpf_link *link);

/* ---- live_phases.c ---- */

/* Can this kernel show the phases of faults? 0, or -ENOENT with one line in @why. */
int pgmap_live_check_phases(const struct pgmap_kernel *kernel, char why[PGMAP_WHY_LEN]);

/* Which programs to load for them, once the backend is known. */
int pgmap_live_choose_phases(const struct pgmap_source *source);

int pgmap_live_attach_phases(struct pgmap_source *source);

/* ---- live_faults.c ---- */

/* A record has come: probes and leaves alone what drivers handle faults with. */
int pgmap_live_faults_note(struct pgmap_source *source, const struct pgmap_event *ev);

/* As pgmap_live_probe_skipped(), of all of these since the start. */
__u64 pgmap_live_faults_skipped(const struct pgmap_live_faults *faults);

void pgmap_live_faults_free(struct pgmap_source *source);

#endif
