// SPDX-License-Identifier: GPL-2.0-only
/* Looking at pagemaps as other kernels have them: whose reference counts, which count is idle. */
#include "inspect/pagemap.h"
#include "arena.h"

/* Of a kernel where a driver may count the references itself. */
static void use_pointers(void **state, struct pgmap_layout *with_pointer)
{
	struct pgmap_memory *memory = *state;

	*with_pointer = layout;
	with_pointer->pgmap_ref_pointer = offsetof(struct arena, used);
	memory->layout = with_pointer;
}

static void test_a_reference_may_be_pointed_to(void **state)
{
	struct pgmap_layout with_pointer;
	struct pgmap_facts facts;

	use_pointers(state, &with_pointer);
	arena_of(state)->used = AT(ref);
	assert_int_equal(pgmap_facts_read(&facts, *state, BASE), 0);
	assert_int_equal(facts.state, PGMAP_STATE_KILLED);
	assert_false(facts.refs_foreign);
	assert_int_equal(facts.refs, 2);
	/* none is pointed to once it has been released */
	arena_of(state)->used = 0;
	arena_of(state)->ref.data = 0;
	assert_int_equal(pgmap_facts_read(&facts, *state, BASE), 0);
	assert_int_equal(facts.state, PGMAP_STATE_RELEASED);
}

static void test_a_drivers_own_reference_tells_less(void **state)
{
	struct pgmap_layout with_pointer;
	struct pgmap_facts facts;

	use_pointers(state, &with_pointer);
	arena_of(state)->used = AT(foreign);
	arena_of(state)->foreign.data = AT(count);
	arena_of(state)->release++;	/* it calls the driver's function */
	arena_of(state)->foreign.word = 0x1000;
	assert_int_equal(pgmap_facts_read(&facts, *state, BASE), 0);
	assert_true(facts.refs_foreign);
	assert_int_equal(facts.state, PGMAP_STATE_LIVE);
	/* dying it may be for a reason of the driver's */
	arena_of(state)->foreign.word = 3;
	assert_int_equal(pgmap_facts_read(&facts, *state, BASE), 0);
	assert_int_equal(facts.state, PGMAP_STATE_UNKNOWN);
	assert_false(facts.refs_known);
}

#define NONE	PGMAP_NO_FIELD
#define LIVE	PGMAP_STATE_LIVE
#define KILLED	PGMAP_STATE_KILLED

static void test_idle_pages_count_as_the_kernel_has_it(void **state)
{
	static const struct {
		__u16 type;
		__u32 pointer;
		bool free_is_zero, idle_is_zero;
		__u16 state;
		__s32 idle;
	} cases[] = {
		{ PGMAP_TYPE_PRIVATE, 0, false, false, LIVE, 1 },
		{ PGMAP_TYPE_PRIVATE, 0, false, false, KILLED, 0 },
		{ PGMAP_TYPE_FS_DAX, 0, false, false, LIVE, 1 },
		{ PGMAP_TYPE_PRIVATE, NONE, false, false, LIVE, 1 },
		{ PGMAP_TYPE_PRIVATE, NONE, true, false, LIVE, 0 },
		{ PGMAP_TYPE_COHERENT, NONE, true, true, KILLED, 0 },
		{ PGMAP_TYPE_FS_DAX, NONE, true, false, LIVE, 1 },
		{ PGMAP_TYPE_FS_DAX, NONE, true, true, LIVE, 0 },
		{ PGMAP_TYPE_PCI_P2PDMA, NONE, true, true, LIVE, 0 },
		{ PGMAP_TYPE_GENERIC, NONE, true, true, LIVE, 1 },
	};
	struct pgmap_memory *memory = *state;
	static struct pgmap_layout other;
	size_t i;

	other = layout;
	memory->layout = &other;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct pgmap_facts facts = { .type = cases[i].type, .state = cases[i].state };

		other.pgmap_ref_pointer = cases[i].pointer;
		other.idle_is_zero = cases[i].idle_is_zero;
		memory->free_is_zero = cases[i].free_is_zero;
		assert_int_equal(pgmap_idle_refs(memory, &facts), cases[i].idle);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(test_a_reference_may_be_pointed_to),
		test(test_a_drivers_own_reference_tells_less),
		test(test_idle_pages_count_as_the_kernel_has_it),
	};

	return PGMAP_RUN_TESTS(tests);
}
