// SPDX-License-Identifier: GPL-2.0-only
/*
 * No state is kept: what a pagemap is, is read off what happened to it, looking back
 * from one event over all that came before.
 */
#include "history.h"

bool is_here(const struct happening *h, int i, int at)
{
	return h[i].where == h[at].where && h[i].what != WAIT;
}

bool is_add(const struct happening *h, int i)
{
	return h[i].what == ADD || h[i].what == ADD_EARLY;
}

/* ---- lives: which events at one address belong together ---- */

/* The last event before @at at its address that is an add or the unwinding of one; or -1. */
static int last_add_of_any_kind(const struct happening *h, int at)
{
	int i = at;

	while (--i >= 0)
		if (is_here(h, i, at) && (is_add(h, i) || h[i].what == ADD_ERROR ||
					  h[i].what == KILL_ADDING))
			break;
	return i;
}

/*
 * An add is recorded when it returns. One that fails half-way has killed its
 * pagemap by then, in the same thread: the kill began that life, this ends it.
 */
bool ends_unwinding(const struct happening *h, int at)
{
	int i = last_add_of_any_kind(h, at);

	return h[at].what == ADD_ERROR && i >= 0 && h[i].what == KILL_ADDING;
}

/* The first event at this address that is about the pagemap, not one of its pages; or @at. */
static int first_not_of_a_page(const struct happening *h, int at)
{
	int i;

	for (i = 0; i < at; i++)
		if (is_here(h, i, at) && h[i].what != ALLOC && h[i].what != FREE &&
		    h[i].what != FAULT)
			break;
	return i;
}

/* Before event @at there is a pagemap at its address that has not been released. */
bool is_active(const struct happening *h, int at)
{
	int i = at;

	while (--i >= 0) {
		if (!is_here(h, i, at))
			continue;
		if (h[i].what == RELEASE)
			return false;
		if (is_add(h, i) || h[i].what == KILL_ADDING)
			return true;
	}
	/* one that is older than the observer is known once it is on its way out */
	i = first_not_of_a_page(h, at);
	return i < at && (h[i].what == KILL || h[i].what == DRAINED);
}

/*
 * An add begins a life; so does the kill that unwinds an add, whose own record
 * comes only later. A refused add never lived, but its record stands alone for
 * it: unless the pagemap of before is still there, which then lives on.
 */
bool begins_life(const struct happening *h, int at)
{
	switch (h[at].what) {
	case ADD:
	case ADD_EARLY:
	case KILL_ADDING:
		return true;
	case ADD_ERROR:
		return !ends_unwinding(h, at) && !is_active(h, at);
	default:
		return false;
	}
}

/* The event that began the life that event @at meets, or -1: older than the observer. */
int beginning(const struct happening *h, int at)
{
	int i = at;

	while (--i >= 0)
		if (is_here(h, i, at) && begins_life(h, i))
			break;
	return i;
}

/* The generation that event @at belongs to. One older than the observer counts as the first. */
int generation(const struct happening *h, int at)
{
	bool any = false, older = false;
	int i, births = 0;

	for (i = 0; i <= at; i++) {
		bool birth = is_here(h, i, at) && begins_life(h, i);

		if (is_here(h, i, at) && !any) {
			any = true;
			older = !birth;
		}
		births += birth;
	}
	return births + older;
}

/* ---- what has happened in the life that event @at meets ---- */

int count(const struct happening *h, int at, enum what what)
{
	int i = beginning(h, at), n = 0;

	while (++i < at)
		n += is_here(h, i, at) && h[i].what == what;
	return n;
}

static bool began_with(const struct happening *h, int at, enum what what)
{
	int i = beginning(h, at);

	return i >= 0 && h[i].what == what;
}

bool was_killed(const struct happening *h, int at)
{
	return began_with(h, at, KILL_ADDING) || count(h, at, KILL);
}

bool was_drained(const struct happening *h, int at)
{
	return count(h, at, DRAINED);
}

/* A refused add leaves nothing behind. */
bool was_released(const struct happening *h, int at)
{
	return began_with(h, at, ADD_ERROR) || count(h, at, RELEASE);
}

/* Its beginning was seen, so what is not in the history has not happened. */
bool is_whole(const struct happening *h, int at)
{
	return beginning(h, at) >= 0;
}
