// SPDX-License-Identifier: GPL-2.0-only
/*
 * Asks kallsyms first and debug info then, when it is first needed, and keeps the answer:
 * by the time a finding is shown, the module it happened in may be gone.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kallsyms.h"
#include "lines.h"
#include "modules.h"
#include "symbols.h"

/* No function is larger: what is this far behind a symbol is in none that we know. */
enum { MAX_FUNCTION = 1 << 20 };

struct pgmap_symbols {
	struct pgmap_symbols_options options;
	struct pgmap_kallsyms kallsyms;
	/* of kallsyms and the list of modules: who opens them needs a right, who reads does not */
	int fd;
	int modules_fd;
	struct pgmap_lines *lines;
	bool read;
	int error;	/* met when kallsyms were read */
	__u64 base;
	char modules[PGMAP_MODULES_LEN];	/* what was loaded then */
	struct pgmap_frame *known;	/* answers given; their strings are ours */
	size_t nr;
	size_t room;
};

int pgmap_symbols_open(struct pgmap_symbols **opened, const struct pgmap_symbols_options *options)
{
	struct pgmap_symbols *symbols = calloc(1, sizeof(*symbols));

	*opened = NULL;
	if (!symbols)
		return -ENOMEM;
	if (options)
		symbols->options = *options;
	if (pgmap_lines_open(&symbols->lines, symbols->options.debuginfo)) {
		free(symbols);
		return -ENOMEM;
	}
	symbols->fd = open(symbols->options.kallsyms ? : "/proc/kallsyms", O_RDONLY | O_CLOEXEC);
	symbols->modules_fd = open(symbols->options.modules ? : "/proc/modules",
				   O_RDONLY | O_CLOEXEC);
	*opened = symbols;
	return 0;
}

/* Reads them anew when modules have come or gone since. */
static const struct pgmap_kallsyms *kallsyms_of(struct pgmap_symbols *symbols)
{
	char modules[PGMAP_MODULES_LEN];

	pgmap_modules_read(symbols->modules_fd, modules);
	if (!symbols->read || strcmp(modules, symbols->modules)) {
		pgmap_kallsyms_free(&symbols->kallsyms);
		strcpy(symbols->modules, modules);
		symbols->read = true;
		symbols->error = pgmap_kallsyms_read(&symbols->kallsyms, symbols->fd);
		symbols->base = pgmap_kallsyms_address(&symbols->kallsyms, "_stext");
	}
	return &symbols->kallsyms;
}

static const struct pgmap_frame *find_known(const struct pgmap_symbols *symbols, __u64 address)
{
	size_t i;

	for (i = 0; symbols && i < symbols->nr; i++)
		if (symbols->known[i].address == address)
			return &symbols->known[i];
	return NULL;
}

/* Without memory the answer is the address alone: its names may go away. */
static void keep(struct pgmap_symbols *symbols, struct pgmap_frame *frame)
{
	size_t room = symbols->room ? 2 * symbols->room : 64;
	struct pgmap_frame *more;

	if (symbols->nr == symbols->room) {
		more = reallocarray(symbols->known, room, sizeof(*more));
		if (!more) {
			*frame = (struct pgmap_frame){ .address = frame->address };
			return;
		}
		symbols->known = more;
		symbols->room = room;
	}
	frame->function = strdup(frame->function);
	frame->module = frame->module ? strdup(frame->module) : NULL;
	symbols->known[symbols->nr++] = *frame;
}

/* The last one of all has no next: then it ends where its module does, if that is told. */
static bool is_in_function(const struct pgmap_symbols *symbols,
			   const struct pgmap_symbol *symbol, __u64 address, __u64 end)
{
	if (address - symbol->address > MAX_FUNCTION)
		return false;
	return end || (symbol->module &&
		       address <= pgmap_modules_end(symbols->modules, symbol->module));
}

void pgmap_symbols_frame(struct pgmap_symbols *symbols, __u64 address, struct pgmap_frame *frame)
{
	const struct pgmap_frame *known = find_known(symbols, address);
	const struct pgmap_symbol *symbol;
	struct pgmap_lines_query query;
	__u64 end;

	*frame = known ? *known : (struct pgmap_frame){ .address = address };
	if (known)
		return;
	/* the call is just before where it returns to, perhaps the last thing in its function */
	symbol = symbols ? pgmap_kallsyms_at(kallsyms_of(symbols), address - 1, &end) : NULL;
	if (!symbol || !is_in_function(symbols, symbol, address, end))
		return;
	frame->function = symbol->name;
	frame->module = symbol->module;
	frame->offset = address - symbol->address;
	frame->size = end ? end - symbol->address : 0;
	query = (struct pgmap_lines_query){
		.module = symbol->module,
		.function = symbol->name,
		.offset = frame->offset - 1,
		.address = address - 1,
		.base = symbols->base,
	};
	frame->file = pgmap_lines_find(symbols->lines, &query, &frame->line);
	keep(symbols, frame);
}

void pgmap_symbols_text(const struct pgmap_frame *frame, char text[PGMAP_FRAME_LEN])
{
	size_t used;

	if (!frame->function) {
		snprintf(text, PGMAP_FRAME_LEN, "0x%llx", frame->address);
		return;
	}
	used = snprintf(text, PGMAP_FRAME_LEN, "%s+0x%llx", frame->function, frame->offset);
	if (frame->size && used < PGMAP_FRAME_LEN)
		used += snprintf(text + used, PGMAP_FRAME_LEN - used, "/0x%llx", frame->size);
	if (frame->module && used < PGMAP_FRAME_LEN)
		used += snprintf(text + used, PGMAP_FRAME_LEN - used, " [%s]", frame->module);
	if (frame->file && used < PGMAP_FRAME_LEN)
		snprintf(text + used, PGMAP_FRAME_LEN - used, " %s:%u", frame->file, frame->line);
}

__u64 pgmap_symbols_address(struct pgmap_symbols *symbols, const char *name)
{
	return symbols ? pgmap_kallsyms_address(kallsyms_of(symbols), name) : 0;
}

__u64 pgmap_symbols_data(struct pgmap_symbols *symbols, const char *name)
{
	return symbols ? pgmap_kallsyms_data(kallsyms_of(symbols), name) : 0;
}

/*
 * Is it in what /proc/modules says the module occupies? Behind the last symbol of a module may
 * come generated code that the table does not know. What is not told does not count against it.
 */
static bool is_inside(const char *modules, const char *module, __u64 address)
{
	__u64 end = pgmap_modules_end(modules, module);

	return !end || address < end;
}

int pgmap_symbols_module(struct pgmap_symbols *symbols, __u64 address, char *module, size_t size)
{
	const struct pgmap_symbol *symbol = NULL;
	__u64 end;

	if (symbols)
		symbol = pgmap_kallsyms_at(kallsyms_of(symbols), address, &end);
	if (!symbol || !is_in_function(symbols, symbol, address, end) ||
	    (symbol->module && (strlen(symbol->module) >= size ||
				!is_inside(symbols->modules, symbol->module, address))))
		return -ENOENT;
	strcpy(module, symbol->module ? : "");
	return 0;
}

int pgmap_symbols_callback(struct pgmap_symbols *symbols, __u64 address, char *module, size_t size)
{
	char modules[PGMAP_MODULES_LEN];

	if (!symbols)
		return -ENOENT;
	pgmap_modules_read(symbols->modules_fd, modules);
	if (!pgmap_modules_find(modules, address, module, size))
		return 0;
	return pgmap_symbols_module(symbols, address, module, size);
}

const char *pgmap_symbols_missing(struct pgmap_symbols *symbols)
{
	if (!symbols)
		return NULL;
	kallsyms_of(symbols);
	if (symbols->error == -EPERM)
		return "kernel symbols are hidden: run as root or with CAP_SYSLOG (kptr_restrict)";
	if (symbols->error)
		return "kernel symbols cannot be read from /proc/kallsyms";
	return pgmap_lines_missing(symbols->lines);
}

void pgmap_symbols_rest(struct pgmap_symbols *symbols)
{
	if (!symbols)
		return;
	pgmap_kallsyms_free(&symbols->kallsyms);
	symbols->read = false;
}

void pgmap_symbols_free(struct pgmap_symbols *symbols)
{
	size_t i;

	if (!symbols)
		return;
	for (i = 0; i < symbols->nr; i++) {
		free((char *)symbols->known[i].function);
		free((char *)symbols->known[i].module);
	}
	free(symbols->known);
	pgmap_lines_free(symbols->lines);
	pgmap_kallsyms_free(&symbols->kallsyms);
	if (symbols->fd >= 0)
		close(symbols->fd);
	if (symbols->modules_fd >= 0)
		close(symbols->modules_fd);
	free(symbols);
}
