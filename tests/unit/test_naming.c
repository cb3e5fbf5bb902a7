// SPDX-License-Identifier: GPL-2.0-only
/* Who is who: names from a made-up /proc/iomem, sysfs and kallsyms. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "naming.h"
#include "unit.h"

static const char iomem_text[] =
	"00000000-00000fff : Reserved\n"
	"100000000-13fffffff : System RAM\n"
	"140000000-15fffffff : Reserved\n"
	"200000000-23fffffff : Persistent Memory\n"
	"  200000000-21fffffff : namespace0.0\n"
	"  220000000-2209fffff : namespace0.1\n"
	"  220a00000-23fffffff : dax0.1\n"
	"240000000-25fffffff : region2\n"
	"  240000000-2401fffff : namespace2.0\n"
	"  240200000-25fffffff : dax2.0\n"
	"260000000-27fffffff : namespace3.0\n"
	"280000000-28fffffff : region4\n"
	"  280000000-2801fffff : namespace4.0\n"
	"300000000-3ffffffff : PCI Bus 0000:00\n"
	"  310000000-31fffffff : 0000:00:04.0\n"
	"    310000000-31fffffff : nvme\n"
	"fcf0000000-fcffffffff : hmm_dmirror\n"
	"fd00000000-fd0fffffff : poke\n";

static const char kallsyms_text[] =
	"ffffffff81000000 T _stext\n"
	"ffffffff81000100 T memremap_pages\n"
	"ffffffff81000200 T devm_memremap_pages\n"
	"ffffffff81000300 T _etext\n"
	"ffffffffa0000000 t dmirror_devmem_free\t[test_hmm]\n"
	"ffffffffa0000100 t pmem_attach_disk\t[nd_pmem]\n"
	"ffffffffa0000200 t trampoline\t[bpf]\n"
	"ffffffffa0000300 t end\t[bpf]\n";

static const char modules_text[] =
	"test_hmm 256 0 - Live 0xffffffffa0000000 (OE)\n"
	"nd_pmem 256 0 - Live 0xffffffffa0000100\n";

static char dir[32];
static char iomem_path[64], kallsyms_path[64], modules_path[64], buses[64];
static struct pgmap_symbols *symbols;
static struct pgmap_naming *naming;

static int write_file(char path[64], const char *name, const char *text)
{
	FILE *file;

	snprintf(path, 64, "%s/%s", dir, name);
	file = fopen(path, "w");
	if (!file)
		return -1;
	fputs(text, file);
	return fclose(file);
}

/* devices: the real places, by which a bus leads to them; a driver each, or none */
static int make_device(const char *bus, const char *place, const char *driver)
{
	const char *name = strrchr(place, '/') + 1;
	char command[512];

	snprintf(command, sizeof(command),
		 "mkdir -p %s/devices/%s %s/bus/%s/devices && ln -s %s/devices/%s %s/bus/%s/devices/%s && { [ -z '%s' ] || ln -s ../../drivers/%s %s/devices/%s/driver; }",
		 dir, place, dir, bus, dir, place, dir, bus, name, driver, driver, dir, place);
	return system(command);
}

static int open_all(void **state)
{
	struct pgmap_symbols_options options = {
		.kallsyms = kallsyms_path, .modules = modules_path
	};
	struct pgmap_naming_options of_naming = { .iomem = iomem_path, .buses = buses };
	char path[64];

	(void)state;
	strcpy(dir, "/tmp/pgmap-naming.XXXXXX");
	if (!mkdtemp(dir) || write_file(iomem_path, "iomem", iomem_text) ||
	    write_file(kallsyms_path, "kallsyms", kallsyms_text) ||
	    write_file(modules_path, "modules", modules_text))
		return -1;
	snprintf(buses, sizeof(buses), "%s/bus", dir);
	if (make_device("nd", "region0/namespace0.0", "nd_pmem") ||
	    make_device("nd", "region0/namespace0.1", "dax_pmem") ||
	    make_device("nd", "region0/dax0.1", "dax_pmem") ||
	    make_device("dax", "region0/dax0.1/dax0.1", "device_dax") ||
	    make_device("cxl", "cxl/region2", "cxl_region") ||
	    make_device("nd", "region2/namespace2.0", "") ||
	    make_device("dax", "region2/dax2.0/dax2.0", "device_dax") ||
	    make_device("nd", "region3/namespace3.0", "") ||
	    make_device("nd", "region3/pfn3.0", "nd_pmem") ||
	    make_device("cxl", "cxl/region4", "cxl_region") ||
	    make_device("nd", "region4/namespace4.0", "nd_pmem") ||
	    make_device("pci", "pci0/0000:00:04.0", "nvme") ||
	    write_file(path, "devices/region3/namespace3.0/holder", "pfn3.0\n"))
		return -1;
	if (pgmap_symbols_open(&symbols, &options))
		return -1;
	of_naming.symbols = symbols;
	return pgmap_naming_open(&naming, &of_naming);
}

static int close_all(void **state)
{
	char command[64];

	(void)state;
	pgmap_naming_free(naming);
	pgmap_symbols_free(symbols);
	snprintf(command, sizeof(command), "rm -r %s", dir);
	return system(command);
}

static char driver[PGMAP_NAME_LEN], device[PGMAP_NAME_LEN];

static void find(__u64 callback, __u64 start, __u64 end)
{
	struct pgmap_range range = { .start = start, .end = end };
	struct pgmap_evidence evidence = { .callback = callback, .range = &range };

	*driver = 0;
	*device = 0;
	pgmap_naming_find(naming, &evidence, driver, device);
}

static void test_a_callback_lies_in_its_driver(void **state)
{
	(void)state;
	find(0xffffffffa0000000, 0xfcf0000000, 0xfcffffffff);
	assert_string_equal(driver, "test_hmm");
	/* no device's memory, but the driver has a name for its claim */
	assert_string_equal(device, "hmm_dmirror");
}

static void test_a_driver_that_is_gone_is_remembered(void **state)
{
	static const char without[] = "ffffffff81000000 T _stext\n";

	(void)state;
	find(0xffffffffa0000000, 0xfcf0000000, 0xfcffffffff);
	assert_string_equal(driver, "test_hmm");
	assert_int_equal(write_file(kallsyms_path, "kallsyms", without), 0);
	assert_int_equal(write_file(modules_path, "modules", ""), 0);
	find(0xffffffffa0000000, 0xfcf0000000, 0xfcffffffff);
	assert_string_equal(driver, "test_hmm");
	/* of what was never found there is nothing to remember */
	find(0xffffffffa0000100, 0xfd00000000, 0xfd0fffffff);
	assert_string_equal(driver, "");
	assert_int_equal(write_file(kallsyms_path, "kallsyms", kallsyms_text), 0);
	assert_int_equal(write_file(modules_path, "modules", modules_text), 0);
}

static void test_a_driver_is_learnt_before_it_is_gone(void **state)
{
	(void)state;
	pgmap_naming_learn(naming, 0xffffffffa0000010);
	assert_int_equal(write_file(kallsyms_path, "kallsyms", "ffffffff81000000 T _stext\n"), 0);
	assert_int_equal(write_file(modules_path, "modules", ""), 0);
	find(0xffffffffa0000010, 0xfcf0000000, 0xfcffffffff);
	assert_string_equal(driver, "test_hmm");
	assert_int_equal(write_file(kallsyms_path, "kallsyms", kallsyms_text), 0);
	assert_int_equal(write_file(modules_path, "modules", modules_text), 0);
}

static void test_a_claim_named_as_the_driver_is_no_device(void **state)
{
	struct pgmap_range range = { .start = 0xfd00000000, .end = 0xfd0fffffff };
	struct pgmap_evidence evidence = { .range = &range };

	(void)state;
	strcpy(driver, "poke");
	*device = 0;
	pgmap_naming_find(naming, &evidence, driver, device);
	assert_string_equal(device, "");
	/* nor is what the firmware says of a range */
	find(0, 0x140000000, 0x15fffffff);
	assert_string_equal(device, "");
	assert_string_equal(driver, "");
}

static void test_a_claim_leads_to_a_device_and_its_driver(void **state)
{
	(void)state;
	find(0, 0x200000000, 0x21fffffff);
	assert_string_equal(device, "namespace0.0");
	assert_string_equal(driver, "nd_pmem");
	/* the claim around it is the driver's own */
	find(0, 0x310000000, 0x3107fffff);
	assert_string_equal(device, "0000:00:04.0");
	assert_string_equal(driver, "nvme");
	/* a range that has the claims inside of it; of two devices of a name the inner one */
	find(0, 0x220000000, 0x23fffffff);
	assert_string_equal(device, "dax0.1");
	assert_string_equal(driver, "device_dax");
}

static void test_what_has_most_of_a_range_goes_before_what_is_around_it(void **state)
{
	(void)state;
	find(0, 0x240000000, 0x25fffffff);
	assert_string_equal(device, "dax2.0");
	assert_string_equal(driver, "device_dax");
	/* a label at its beginning has not */
	find(0, 0x280000000, 0x28fffffff);
	assert_string_equal(device, "region4");
	assert_string_equal(driver, "cxl_region");
}

static void test_a_namespace_is_driven_through_its_holder(void **state)
{
	(void)state;
	find(0, 0x260000000, 0x27fffffff);
	assert_string_equal(device, "namespace3.0");
	assert_string_equal(driver, "nd_pmem");
	/* without one there is no driver */
	find(0, 0x240000000, 0x2401fffff);
	assert_string_equal(device, "namespace2.0");
	assert_string_equal(driver, "");
}

static void test_what_is_bound_goes_before_what_is_built_in(void **state)
{
	static const __u64 built_in[] = { 0xffffffff81000110, 0xffffffff81000210 };
	static const __u64 from_module[] = { 0xffffffff81000110, 0xffffffffa0000010 };
	struct pgmap_range range = { .start = 0x200000000, .end = 0x21fffffff };
	struct pgmap_evidence evidence = { .stack = built_in, .nr_frames = 2, .range = &range };

	(void)state;
	*driver = 0;
	*device = 0;
	pgmap_naming_find(naming, &evidence, driver, device);
	assert_string_equal(driver, "nd_pmem");
	/* a callback that is in no module any more is not built in */
	evidence.range = NULL;
	evidence.callback = 0xffffffffa0000210;
	*driver = 0;
	pgmap_naming_find(naming, &evidence, driver, device);
	assert_string_equal(driver, "");
	evidence.callback = 0xffffffff81000110;
	pgmap_naming_find(naming, &evidence, driver, device);
	assert_string_equal(driver, "kernel");
	evidence.callback = 0;
	evidence.range = &range;
	/* and after a module that called */
	evidence.stack = from_module;
	*driver = 0;
	pgmap_naming_find(naming, &evidence, driver, device);
	assert_string_equal(driver, "test_hmm");
}

/* The driver by a stack of @nr frames. */
static const char *by_stack(const __u64 *stack, __u32 nr)
{
	struct pgmap_evidence evidence = { .stack = stack, .nr_frames = nr };

	*driver = 0;
	*device = 0;
	pgmap_naming_find(naming, &evidence, driver, device);
	return driver;
}

static void test_the_innermost_module_on_the_stack_called(void **state)
{
	static const __u64 from_module[] = {
		0xffffffffa0000210, 0xffffffff81000110, 0xffffffff81000210, 0xffffffffa0000110,
		0xffffffffa0000010,
	};
	static const __u64 built_in[] = { 0xffffffff81000110, 0xffffffff81000210 };
	static const __u64 with_a_gap[] = { 0xffffffff81000110, 0xffffffffc0000000 };

	(void)state;
	assert_string_equal(by_stack(from_module, 5), "nd_pmem");
	assert_string_equal(by_stack(built_in, 2), "kernel");
	/* what is not known may be a module */
	assert_string_equal(by_stack(with_a_gap, 2), "");
	assert_string_equal(by_stack(NULL, 0), "");
}

static void test_names_that_are_there_stay(void **state)
{
	struct pgmap_event ev = { .event = PGMAP_EVENT_SEEN, .u.add.nr_here = 1 };

	(void)state;
	ev.u.add.ranges[0] = (struct pgmap_range){ 0x200000000, 0x21fffffff };
	strcpy(ev.u.add.driver, "mine");
	pgmap_naming_event(naming, &ev);
	assert_string_equal(ev.u.add.driver, "mine");
	assert_string_equal(ev.u.add.device, "namespace0.0");
	/* a kernel that names the driver of an add would have named its device too */
	ev.event = PGMAP_EVENT_ADD;
	*ev.u.add.device = 0;
	pgmap_naming_event(naming, &ev);
	assert_string_equal(ev.u.add.device, "");
	*ev.u.add.driver = 0;
	pgmap_naming_event(naming, &ev);
	assert_string_equal(ev.u.add.driver, "nd_pmem");
	assert_string_equal(ev.u.add.device, "namespace0.0");
}

/* The driver of an ADD that our kernel says is "kernel", with this callback and caller. */
static const char *by_event(__u64 callback, __u64 caller)
{
	static struct pgmap_event ev;

	ev = (struct pgmap_event){ .event = PGMAP_EVENT_ADD, .u.add.nr_here = 1 };
	ev.u.add.ranges[0] = (struct pgmap_range){ 0x310000000, 0x3107fffff };
	ev.u.add.callback = callback;
	ev.stack[0] = caller;
	ev.nr_frames = !!caller;
	strcpy(ev.u.add.driver, "kernel");
	pgmap_naming_event(naming, &ev);
	assert_string_equal(ev.u.add.device, "");
	return ev.u.add.driver;
}

static bool is_open(const char *name)
{
	char full[PGMAP_NAME_LEN] = "";

	strcpy(full, name);
	return pgmap_naming_is_open(full);
}

static void test_kernel_is_nobody_s_name_if_there_is_another(void **state)
{
	(void)state;
	assert_string_equal(by_event(0xffffffffa0000010, 0xffffffff81000110), "test_hmm");
	assert_string_equal(by_event(0, 0xffffffffa0000010), "test_hmm");
	/* who is bound to whose memory it is */
	assert_string_equal(by_event(0, 0xffffffff81000110), "nvme");
	assert_true(is_open("kernel"));
	assert_true(is_open(""));
	assert_false(is_open("kernels"));
	/* and where nothing else is known it stays */
	strcpy(driver, "kernel");
	*device = 0;
	pgmap_naming_find(naming, &(struct pgmap_evidence){ 0 }, driver, device);
	assert_string_equal(driver, "kernel");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_callback_lies_in_its_driver),
		cmocka_unit_test(test_a_driver_that_is_gone_is_remembered),
		cmocka_unit_test(test_a_driver_is_learnt_before_it_is_gone),
		cmocka_unit_test(test_a_claim_named_as_the_driver_is_no_device),
		cmocka_unit_test(test_a_claim_leads_to_a_device_and_its_driver),
		cmocka_unit_test(test_what_has_most_of_a_range_goes_before_what_is_around_it),
		cmocka_unit_test(test_a_namespace_is_driven_through_its_holder),
		cmocka_unit_test(test_what_is_bound_goes_before_what_is_built_in),
		cmocka_unit_test(test_the_innermost_module_on_the_stack_called),
		cmocka_unit_test(test_names_that_are_there_stay),
		cmocka_unit_test(test_kernel_is_nobody_s_name_if_there_is_another),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, open_all, close_all);
}
