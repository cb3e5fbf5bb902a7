// SPDX-License-Identifier: GPL-2.0-only
/*
 * All sequences of events over two pagemaps, up to a length, through the core that
 * pgmapstat has, and compared after each event with tests/enumerate/predicates.c.
 */
#include <getopt.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <pgmap/names.h>

#include "arena.h"
#include "compare.h"

enum { MAX_JOBS = 64 };
enum { HEAD_LENGTH = 2 };	/* so many letters are a worker's task */

struct options {
	int length;
	int jobs;
	bool both_first;		/* also the sequences that begin with B */
	bool more;			/* waiting, early adds, and an end after each sequence */
	enum pgmap_rule leave_out;	/* by the predicates */
	enum pgmap_rule disabled;	/* in core */
};

/* What the workers share. */
struct shared {
	_Atomic int next_task;
	_Atomic int failed;
	_Atomic unsigned long long compared[MAX_LENGTH + 1];
};

struct walk {
	const struct options *options;
	struct shared *shared;
	struct pgmap_model *model;	/* in the arena */
	int stop;			/* do not go deeper than this */
	struct happening history[MAX_LENGTH];
	struct wanted_list wanted[MAX_LENGTH + 1];
	struct wanted_list wanted_end;
	unsigned long long compared[MAX_LENGTH + 1];
	struct arena_copy copies[MAX_LENGTH];
};

static struct walk walk;	/* too large for a stack */

static int nr_letters(const struct options *options)
{
	return 2 * (options->more ? NR_WHATS : NR_BASIC);
}

/*
 * A and B may change places: swapping them in a sequence of events swaps them in
 * what predicates say, which only ever ask whether two addresses are the same. So
 * sequences that begin with B need no look as long as core, too, treats them alike;
 * --both-first does without this and is run at a smaller length. Waiting is not
 * alike on both sides, so --more does without it too.
 */
static int first_letters(const struct options *options)
{
	return options->both_first ? nr_letters(options) : nr_letters(options) / 2;
}

static struct happening letter(const struct options *options, int i)
{
	int each = nr_letters(options) / 2;

	return (struct happening){ .what = i % each, .where = i / each };
}

static void tell_mismatch(const struct walk *w, const struct wanted_list *wanted, int length)
{
	static char text[8192];

	compare_tell(text, sizeof(text), w->model, wanted, w->history, length);
	atomic_store(&w->shared->failed, 1);
	/* in one piece: there are other workers */
	if (write(STDOUT_FILENO, text, strlen(text)) < 0)
		_exit(2);
}

/* One more event. Returns false on a mismatch. */
static bool go(struct walk *w, int at, struct happening now)
{
	w->history[at] = now;
	w->compared[at + 1]++;
	compare_want(&w->wanted[at + 1], &w->wanted[at], w->history, at, w->options->leave_out,
		     w->options->more);
	if (!compare_feed(w->model, w->history, at) &&
	    compare_agree(w->model, &w->wanted[at + 1], w->history))
		return true;
	tell_mismatch(w, &w->wanted[at + 1], at + 1);
	return false;
}

/* Nothing comes after the first @nr events. Returns false on a mismatch. */
static bool end(struct walk *w, int nr)
{
	if (!w->options->more || !nr)
		return true;
	compare_want_end(&w->wanted_end, &w->wanted[nr], w->history, nr, w->options->leave_out);
	pgmap_model_end(w->model, predicates_time(w->history, nr - 1), true);
	if (compare_agree(w->model, &w->wanted_end, w->history))
		return true;
	tell_mismatch(w, &w->wanted_end, nr);
	return false;
}

/* All that can follow the first @at events. */
static bool descend(struct walk *w, int at)
{
	int i, nr = at ? nr_letters(w->options) : first_letters(w->options);

	if (at == w->stop)
		return end(w, at);
	arena_save(&w->copies[at]);
	for (i = 0; i < nr; i++) {
		if (!go(w, at, letter(w->options, i)) || !descend(w, at + 1))
			return false;
		arena_restore(&w->copies[at]);
	}
	/* whoever called puts back what this changes */
	return end(w, at);
}

static void start(struct walk *w)
{
	struct pgmap_judge_options judge = pgmap_judge_defaults();

	judge.disabled = 1U << w->options->disabled;
	judge.stall_warn_ns = STALL_WARN_NS;
	judge.stall_error_ns = STALL_ERROR_NS;
	arena_reset();
	w->model = arena_take(sizeof(*w->model));
	w->wanted[0].nr = 0;
	if (pgmap_model_init(w->model, &judge))
		abort();
}

/* All sequences up to HEAD_LENGTH. */
static void walk_heads(struct walk *w)
{
	w->stop = w->options->length < HEAD_LENGTH ? w->options->length : HEAD_LENGTH;
	start(w);
	descend(w, 0);
}

/* All longer ones that begin with the two letters of @task. */
static bool walk_task(struct walk *w, int task)
{
	int nr = nr_letters(w->options);
	int i, letters[HEAD_LENGTH] = { task / nr, task % nr };

	w->stop = w->options->length;
	start(w);
	for (i = 0; i < HEAD_LENGTH; i++) {
		if (!go(w, i, letter(w->options, letters[i])))
			return false;
		w->compared[i + 1]--;	/* walk_heads() had it */
	}
	return descend(w, HEAD_LENGTH);
}

static void add_up(struct walk *w)
{
	int i;

	for (i = 1; i <= MAX_LENGTH; i++)
		atomic_fetch_add(&w->shared->compared[i], w->compared[i]);
	memset(w->compared, 0, sizeof(w->compared));
}

static void work(struct walk *w)
{
	int task, tasks = first_letters(w->options) * nr_letters(w->options);

	while (!atomic_load(&w->shared->failed)) {
		task = atomic_fetch_add(&w->shared->next_task, 1);
		if (task >= tasks || !walk_task(w, task))
			break;
	}
	add_up(w);
}

/* Returns whether all workers came to their end. */
static bool work_in_parallel(struct walk *w)
{
	int i, status;
	bool good = true;

	for (i = 0; i < w->options->jobs; i++) {
		pid_t pid = fork();

		if (!pid) {
			work(w);
			_exit(0);
		}
		good &= pid > 0;
	}
	while (wait(&status) > 0)
		good &= status == 0;
	return good;
}

static int report(const struct options *options, const struct shared *shared, bool good,
		  const struct timespec *from)
{
	unsigned long long want = first_letters(options), all = 0;
	struct timespec to;
	double seconds;
	int i;

	for (i = 1; i <= options->length; i++, want *= nr_letters(options)) {
		unsigned long long got = shared->compared[i];

		/* the first to differ ends the walk, so all lengths are told in one */
		good &= got == want;
		all += got;
		printf("# length %d: %llu of %llu sequences compared\n", i, got, want);
	}
	clock_gettime(CLOCK_MONOTONIC, &to);
	seconds = to.tv_sec - from->tv_sec + (to.tv_nsec - from->tv_nsec) / 1e9;
	printf("# %llu sequences in %.1f s, %.0f/s, in %d processes\n", all, seconds,
	       all / seconds, options->jobs);
	if (!options->both_first)
		puts("# those that begin with B are the same with A and B swapped");
	printf("%sok 1 - core and predicates agree on all sequences up to length %d\n1..1\n",
	       good && !shared->failed ? "" : "not ", options->length);
	return good && !shared->failed ? 0 : 1;
}

static enum pgmap_rule rule_of(const char *name)
{
	int rule;

	for (rule = PGMAP_RULE_NONE + 1; rule < PGMAP_NR_RULES; rule++)
		if (!strcmp(pgmap_rule_name(rule), name))
			return rule;
	fprintf(stderr, "enumerate: no such rule: %s\n", name);
	exit(129);
}

static int number(const char *text, int max)
{
	int value = atoi(text);

	if (value >= 1 && value <= max)
		return value;
	fprintf(stderr, "enumerate: not a number from 1 to %d: %s\n", max, text);
	exit(129);
}

static void parse(struct options *options, int argc, char **argv)
{
	static const struct option longs[] = {
		{ "jobs", required_argument, NULL, 'j' },
		{ "both-first", no_argument, NULL, 'b' },
		{ "more", no_argument, NULL, 'm' },
		{ "leave-out", required_argument, NULL, 'l' },
		{ "disable", required_argument, NULL, 'd' },
		{ }
	};
	int c;

	while ((c = getopt_long(argc, argv, "", longs, NULL)) != -1) {
		if (c == 'j')
			options->jobs = number(optarg, MAX_JOBS);
		else if (c == 'b')
			options->both_first = true;
		else if (c == 'm')
			options->more = true;
		else if (c == 'l')
			options->leave_out = rule_of(optarg);
		else if (c == 'd')
			options->disabled = rule_of(optarg);
		else
			exit(129);
	}
	if (optind != argc - 1) {
		fputs("usage: enumerate [--jobs N] [--both-first] [--more] "
		      "[--leave-out RULE] [--disable RULE] LENGTH\n", stderr);
		exit(129);
	}
	options->length = number(argv[optind], MAX_LENGTH);
	options->both_first |= options->more;
}

int main(int argc, char **argv)
{
	struct options options = { .jobs = sysconf(_SC_NPROCESSORS_ONLN) };
	struct timespec from;
	bool good = true;

	parse(&options, argc, argv);
	clock_gettime(CLOCK_MONOTONIC, &from);
	walk.options = &options;
	walk.shared = mmap(NULL, sizeof(*walk.shared), PROT_READ | PROT_WRITE,
			   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (walk.shared == MAP_FAILED)
		return 2;
	compare_prepare();
	walk_heads(&walk);
	add_up(&walk);
	if (options.length > HEAD_LENGTH)
		good = work_in_parallel(&walk);
	return report(&options, walk.shared, good, &from);
}
