// SPDX-License-Identifier: GPL-2.0-only
/*
 * First the capabilities are laid down, then it is tried whether the source still works,
 * and then they are given up: what is merely laid down can be taken up again.
 */
#include <cap-ng.h>
#include <errno.h>
#include <stdio.h>
#include <sys/prctl.h>

#include "rights.h"
#include "stall.h"

/* Beyond those without which nothing works, which the source asks for itself. */
static const struct {
	unsigned int number;
	const char *loss;
} useful[] = {
	{
		CAP_SYS_ADMIN,
		"CAP_SYS_ADMIN (ranges of older pagemaps, who maps a page, probes if kernel.perf_event_paranoid is 3)"
	},
	{ CAP_SYS_PTRACE, "CAP_SYS_PTRACE (who maps a page)" },
	{ CAP_SYSLOG,
	  "CAP_SYSLOG (names in stacks, older pagemaps, page frames without our tracepoints)" },
};

void pgmap_rights_lacking(char lacking[PGMAP_RIGHTS_LEN])
{
	size_t i, used = 0;

	snprintf(lacking, PGMAP_RIGHTS_LEN, "nothing");
	if (capng_get_caps_process())
		return;
	for (i = 0; i < sizeof(useful) / sizeof(useful[0]) && used < PGMAP_RIGHTS_LEN; i++)
		if (!capng_have_capability(CAPNG_EFFECTIVE, useful[i].number))
			used += snprintf(lacking + used, PGMAP_RIGHTS_LEN - used, "%s%s",
					 used ? ", " : "", useful[i].loss);
}

/* ---- does it work without? ---- */

static int ignore_event(void *context, const struct pgmap_event *ev)
{
	(void)context;
	(void)ev;
	return 0;
}

static int ignore_counts(void *context, __u64 pgmap, __u32 generation,
			 const struct pgmap_counts *counts)
{
	(void)context;
	(void)pgmap;
	(void)generation;
	(void)counts;
	return 0;
}

static void ignore_group(void *context, const struct pgmap_group_key *key,
			 const struct pgmap_group_value *value)
{
	(void)context;
	(void)key;
	(void)value;
}

static void ignore_lost(void *context, enum pgmap_loss cause, __u64 count)
{
	(void)context;
	(void)cause;
	(void)count;
}

static void ignore_sent(void *context, enum pgmap_event_id event, __u64 count)
{
	(void)context;
	(void)event;
	(void)count;
}

/* Sums are absolute: who ignores them now gets them later. Latencies are not, and stay. */
static const struct pgmap_sink nowhere = {
	.event = ignore_event,
	.counts = ignore_counts,
	.group = ignore_group,
	.lost = ignore_lost,
	.sent = ignore_sent,
};

/* ---- giving up ---- */

static int lay_down(void)
{
	int capability;

	if (capng_get_caps_process())
		return -EIO;
	for (capability = 0; capability <= CAP_LAST_CAP; capability++)
		capng_update(CAPNG_DROP, CAPNG_EFFECTIVE, capability);
	return capng_apply(CAPNG_SELECT_CAPS) ? -EPERM : 0;
}

static bool is_permitted(unsigned int capability)
{
	return capng_have_capability(CAPNG_PERMITTED, capability);
}

/* Takes up what is needed to attach, as far as there are capabilities that are only for this. */
static int take_up(bool attaches)
{
	capng_update(CAPNG_ADD, CAPNG_EFFECTIVE, CAP_BPF);
	if (attaches)
		capng_update(CAPNG_ADD, CAPNG_EFFECTIVE, CAP_PERFMON);
	return capng_apply(CAPNG_SELECT_CAPS) ? -EPERM : 0;
}

/*
 * Before there were these two, one stood for both, and still does; and there are kernels, such as
 * Debian's, where kernel.perf_event_paranoid can be 3, so that nobody else may probe.
 */
static bool takes_admin(const struct pgmap_source_ops *ops, struct pgmap_source *source,
			bool attaches)
{
	if (!is_permitted(CAP_BPF) || (attaches && !is_permitted(CAP_PERFMON)))
		return true;
	return attaches && is_permitted(CAP_SYS_ADMIN) && !take_up(attaches) &&
	       ops->may_attach(source) == -EACCES;
}

static int keep(const struct pgmap_source_ops *ops, struct pgmap_source *source, bool attaches,
		char kept[PGMAP_RIGHTS_LEN])
{
	const char *why = attaches ? "fault handlers are attached to as pagemaps come" :
				     "this kernel asks for it at each look at a map";
	bool is_admin = takes_admin(ops, source, attaches);

	capng_clear(CAPNG_SELECT_CAPS);
	if (is_admin)
		capng_update(CAPNG_ADD, CAPNG_EFFECTIVE | CAPNG_PERMITTED, CAP_SYS_ADMIN);
	else
		capng_update(CAPNG_ADD, CAPNG_EFFECTIVE | CAPNG_PERMITTED, CAP_BPF);
	if (!is_admin && attaches)
		capng_update(CAPNG_ADD, CAPNG_EFFECTIVE | CAPNG_PERMITTED, CAP_PERFMON);
	snprintf(kept, PGMAP_RIGHTS_LEN, "%s: %s%s", is_admin ? "CAP_SYS_ADMIN" :
		 attaches ? "CAP_BPF CAP_PERFMON" : "CAP_BPF", why,
		 is_admin && attaches ? ", for which this kernel asks it" : "");
	return capng_apply(CAPNG_SELECT_CAPS) ? -EPERM : 0;
}

static int keep_none(void)
{
	capng_clear(CAPNG_SELECT_CAPS);
	return capng_apply(CAPNG_SELECT_CAPS) ? -EPERM : 0;
}

/* Or root's children would have all of it again. */
static int give_none_back(void)
{
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ? -errno : 0;
}

int pgmap_rights_drop(const struct pgmap_run_options *options, struct pgmap_source *source,
		      struct pgmap_stall *stall, char kept[PGMAP_RIGHTS_LEN])
{
	const struct pgmap_source_ops *ops = options->source;
	bool attaches = ops->attaches && ops->attaches(source);
	char why[PGMAP_WHY_LEN];
	int err;

	if (options->keep_rights) {
		snprintf(kept, PGMAP_RIGHTS_LEN, "all: --keep-rights");
		return 0;
	}
	/* that it cannot be loaded is told when it is asked for */
	if (options->inspect)
		pgmap_stall_inspector(stall, why, sizeof(why));
	snprintf(kept, PGMAP_RIGHTS_LEN, "none");
	err = lay_down();
	if (!err)
		err = attaches || ops->read_counts(source, &nowhere) == -EPERM ?
		      keep(ops, source, attaches, kept) : keep_none();
	return err ? err : give_none_back();
}

int pgmap_rights_drop_all(void)
{
	int err = keep_none();

	return err ? err : give_none_back();
}
