// SPDX-License-Identifier: GPL-2.0-only
/* Arithmetic on struct pgmap_counts. */
#include "instance.h"

static __u64 larger(__u64 a, __u64 b)
{
	return a > b ? a : b;
}

void pgmap_counts_add(struct pgmap_counts *to, const struct pgmap_counts *more)
{
	to->allocs += more->allocs;
	to->alloc_pages += more->alloc_pages;
	to->frees += more->frees;
	to->free_pages += more->free_pages;
	to->fault_enters += more->fault_enters;
	to->faults += more->faults;
	to->fault_errors += more->fault_errors;
	to->fault_max_ns = larger(to->fault_max_ns, more->fault_max_ns);
}

void pgmap_counts_raise(struct pgmap_counts *to, const struct pgmap_counts *newer)
{
	to->allocs = larger(to->allocs, newer->allocs);
	to->alloc_pages = larger(to->alloc_pages, newer->alloc_pages);
	to->frees = larger(to->frees, newer->frees);
	to->free_pages = larger(to->free_pages, newer->free_pages);
	to->fault_enters = larger(to->fault_enters, newer->fault_enters);
	to->faults = larger(to->faults, newer->faults);
	to->fault_errors = larger(to->fault_errors, newer->fault_errors);
	to->fault_max_ns = larger(to->fault_max_ns, newer->fault_max_ns);
}

__s64 pgmap_counts_outstanding(const struct pgmap_counts *counts)
{
	return (__s64)(counts->alloc_pages - counts->free_pages);
}

void pgmap_outstanding_add(__s64 *sum, const struct pgmap_counts *counts)
{
	*sum = (__s64)((__u64)*sum + (__u64)pgmap_counts_outstanding(counts));
}

__u32 pgmap_instance_unseen(const struct pgmap_instance *instance, __u32 unseen)
{
	if (!pgmap_type_has_page_rules(instance->type) && !instance->counts.allocs)
		unseen |= PGMAP_SIGHT_ALLOC;
	return unseen;
}

bool pgmap_instance_shows_outstanding(const struct pgmap_instance *instance, __u32 unseen)
{
	return !instance->partial &&
	       !(pgmap_instance_unseen(instance, unseen) & PGMAP_SIGHT_OUTSTANDING);
}
