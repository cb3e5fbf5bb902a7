/* SPDX-License-Identifier: GPL-2.0-only */
/* Descriptions of our trace records as a kernel gives them, for tests. */
#ifndef PGMAP_TEST_TRACE_FORMATS_H
#define PGMAP_TEST_TRACE_FORMATS_H

#define HEAD(name, id)	\
	"name: " name "\nID: " id "\nformat:\n"	\
	"\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;\n"	\
	"\tfield:unsigned char common_flags;\toffset:2;\tsize:1;\tsigned:0;\n"	\
	"\tfield:unsigned char common_preempt_count;\toffset:3;\tsize:1;\tsigned:0;\n"	\
	"\tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;\n\n"	\
	"\tfield:u64 pgmap;\toffset:8;\tsize:8;\tsigned:0;\n"	\
	"\tfield:u32 type;\toffset:16;\tsize:4;\tsigned:0;\n"	\
	"\tfield:__data_loc char[] driver;\toffset:20;\tsize:4;\tsigned:0;\n"	\
	"\tfield:u64 start;\toffset:24;\tsize:8;\tsigned:0;\n"	\
	"\tfield:u64 end;\toffset:32;\tsize:8;\tsigned:0;\n"
/* numbers as in no kernel, so that nothing can be right by chance */
#define PRINT "\nprint fmt: \"pgmap=0x%llx type=%s driver=%s\", REC->pgmap, "	\
	"__print_symbolic(REC->type, { 11, \"PRIVATE\" }, { 12, \"COHERENT\" }, "	\
	"{ 14, \"GENERIC\" }, { 0, \"NONE\" }), __get_str(driver)\n"
#define U64(name, offset)	\
	"\tfield:u64 " name ";\toffset:" offset ";\tsize:8;\tsigned:0;\n"
#define S32(name, offset)	\
	"\tfield:s32 " name ";\toffset:" offset ";\tsize:4;\tsigned:1;\n"

static const char *const formats[] = {
	HEAD("pgmap_add", "501")
	"\tfield:__data_loc char[] device;\toffset:40;\tsize:4;\tsigned:0;\n"
	S32("nr_range", "44") U64("pages", "48") S32("node", "56") S32("error", "60")
	U64("setup_ns", "64") S32("bounds", "72")
	"\tfield:__data_loc u64[] ranges;\toffset:76;\tsize:4;\tsigned:0;\n" PRINT,
	HEAD("pgmap_kill", "502")
	"\tfield:bool adding;\toffset:40;\tsize:1;\tsigned:0;\n" PRINT,
	HEAD("pgmap_drained", "503") PRINT,
	HEAD("pgmap_release", "504") PRINT,
	HEAD("pgmap_page_alloc", "505") U64("pfn", "40") U64("pages", "48") PRINT,
	HEAD("pgmap_page_free", "506") U64("pfn", "40") U64("pages", "48") PRINT,
	HEAD("pgmap_fault_enter", "507") U64("address", "40") U64("pfn", "48") PRINT,
	HEAD("pgmap_fault_exit", "508") U64("address", "40") U64("pfn", "48")
	"\tfield:u32 result;\toffset:56;\tsize:4;\tsigned:0;\n" PRINT,
};

enum { NR_FORMATS = sizeof(formats) / sizeof(formats[0]) };

#endif
