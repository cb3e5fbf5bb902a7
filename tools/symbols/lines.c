// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lines through elfutils. Each image, the kernel or a module, is a session of
 * its own, loaded where its file says; a symbol that both sides know gives the
 * distance to where it runs. For modules that is the function asked about,
 * since their sections lie apart and only root may know where.
 */
#include <dwarf.h>
#include <elfutils/libdw.h>
#include <elfutils/libdwfl.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "files.h"
#include "lines.h"

struct image {
	struct image *next;
	char *module;		/* NULL: the kernel */
	Dwfl *session;		/* NULL: nothing found */
	Dwfl_Module *file;
	struct pgmap_build_id id;
};

struct pgmap_lines {
	const char *debuginfo;
	struct image *images;
	const char *missing;
};

/* Separate debug files are among the paths we visit; nothing is asked of the network. */
static int find_no_debuginfo(Dwfl_Module *module, void **data, const char *name, Dwarf_Addr base,
			     const char *file, const char *link, GElf_Word crc, char **found)
{
	(void)module;
	(void)data;
	(void)name;
	(void)base;
	(void)file;
	(void)link;
	(void)crc;
	(void)found;
	return -1;
}

static bool is_running(const struct image *image)
{
	const unsigned char *bytes;
	GElf_Addr where;
	int length = dwfl_module_build_id(image->file, &bytes, &where);

	return length > 0 && (size_t)length == image->id.length &&
	       !memcmp(bytes, image->id.bytes, length);
}

static void close_session(struct image *image)
{
	if (image->session)
		dwfl_end(image->session);
	image->session = NULL;
	image->file = NULL;
}

/* Returns true when @path is what runs, with debug info. */
static int try_file(void *context, const char *path)
{
	static const Dwfl_Callbacks callbacks = {
		.find_debuginfo = find_no_debuginfo,
		.section_address = dwfl_offline_section_address,
	};
	struct image *image = context;
	Dwarf_Addr shift;

	image->session = dwfl_begin(&callbacks);
	if (!image->session)
		return 0;
	image->file = dwfl_report_offline(image->session, "image", path, -1);
	dwfl_report_end(image->session, NULL, NULL);
	if (image->file && is_running(image) && dwfl_module_getdwarf(image->file, &shift))
		return 1;
	close_session(image);
	return 0;
}

static bool is_same(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

/* The image of @module, looked for when it is first asked about; NULL without memory. */
static struct image *image_of(struct pgmap_lines *lines, const char *module)
{
	struct image *image;

	for (image = lines->images; image; image = image->next)
		if (is_same(image->module, module))
			return image;
	image = calloc(1, sizeof(*image));
	if (!image)
		return NULL;
	image->module = module ? strdup(module) : NULL;
	image->next = lines->images;
	lines->images = image;
	if (pgmap_build_id_running(module, &image->id))
		lines->missing = module ? lines->missing : "this kernel shows no build id";
	else
		pgmap_files_visit(lines->debuginfo, module, try_file, image);
	return image;
}

/* Address of the one function of this name in the file; 0: none, or several. */
static GElf_Addr address_in_file(const struct image *image, const char *function)
{
	int i, nr = dwfl_module_getsymtab(image->file);
	GElf_Addr found = 0, value;
	const char *name;
	GElf_Sym symbol;

	for (i = 1; i < nr; i++) {
		name = dwfl_module_getsym_info(image->file, i, &symbol, &value, NULL, NULL, NULL);
		if (!name || symbol.st_shndx == SHN_UNDEF || strcmp(name, function))
			continue;
		if (found && found != value)
			return 0;
		found = value;
	}
	return found;
}

static GElf_Addr place_in_file(const struct image *image, const struct pgmap_lines_query *query)
{
	GElf_Addr anchor = address_in_file(image, query->module ? query->function : "_stext");

	if (!anchor || (!query->module && !query->base))
		return 0;
	return query->module ? anchor + query->offset : anchor + (query->address - query->base);
}

/* Without the directory it was built in, and what leads out of that. */
static const char *short_path(const char *path, const char *built_in)
{
	size_t length = built_in ? strlen(built_in) : 0;

	if (length && !strncmp(path, built_in, length) && path[length] == '/')
		path += length + 1;
	for (;;) {
		if (!strncmp(path, "./", 2))
			path += 2;
		else if (!strncmp(path, "../", 3))
			path += 3;
		else
			return path;
	}
}

/*
 * The outermost of the inlined functions that @place is in, or NULL. The function we name is
 * the one around them all, so the line has to be where it calls that one.
 */
static Dwarf_Die *find_inlined(Dwarf_Die *scopes, int nr)
{
	Dwarf_Die *inlined = NULL;
	int i;

	for (i = 0; i < nr && dwarf_tag(&scopes[i]) != DW_TAG_subprogram; i++)
		if (dwarf_tag(&scopes[i]) == DW_TAG_inlined_subroutine)
			inlined = &scopes[i];
	return inlined;
}

static const char *find_call(Dwarf_Die *unit, Dwarf_Addr place, __u32 *line)
{
	Dwarf_Word number, file;
	Dwarf_Attribute attribute;
	Dwarf_Die *scopes = NULL;
	const char *path = NULL;
	Dwarf_Files *files;
	Dwarf_Die *inlined;
	size_t nr_files;
	int nr = dwarf_getscopes(unit, place, &scopes);

	inlined = find_inlined(scopes, nr);
	if (inlined &&
	    !dwarf_formudata(dwarf_attr(inlined, DW_AT_call_line, &attribute), &number) &&
	    !dwarf_formudata(dwarf_attr(inlined, DW_AT_call_file, &attribute), &file) &&
	    !dwarf_getsrcfiles(unit, &files, &nr_files) && file < nr_files) {
		path = dwarf_filesrc(files, file, NULL, NULL);
		*line = number;
	}
	free(scopes);
	return path;
}

const char *pgmap_lines_find(struct pgmap_lines *lines, const struct pgmap_lines_query *query,
			     __u32 *line)
{
	const struct image *image = image_of(lines, query->module);
	const char *path = NULL;
	Dwarf_Attribute name;
	Dwarf_Die *unit;
	Dwarf_Addr shift;
	Dwfl_Line *found;
	GElf_Addr place;
	int number = 0;

	if (!image || !image->session)
		return NULL;
	place = place_in_file(image, query);
	unit = place ? dwfl_module_addrdie(image->file, place, &shift) : NULL;
	if (!unit)
		return NULL;
	path = find_call(unit, place - shift, line);
	if (!path) {
		found = dwfl_module_getsrc(image->file, place);
		path = found ? dwfl_lineinfo(found, NULL, &number, NULL, NULL, NULL) : NULL;
		*line = number;
	}
	return path ? short_path(path, dwarf_formstring(dwarf_attr(unit, DW_AT_comp_dir, &name))) :
		      NULL;
}

const char *pgmap_lines_missing(const struct pgmap_lines *lines)
{
	const struct image *image;

	if (lines->missing)
		return lines->missing;
	for (image = lines->images; image; image = image->next)
		if (!image->module && !image->session)
			return "no debug info of this kernel was found: --debuginfo names it";
	return NULL;
}

int pgmap_lines_open(struct pgmap_lines **lines, const char *debuginfo)
{
	*lines = calloc(1, sizeof(**lines));
	if (!*lines)
		return -ENOMEM;
	(*lines)->debuginfo = debuginfo;
	return 0;
}

void pgmap_lines_free(struct pgmap_lines *lines)
{
	struct image *image, *next;

	for (image = lines ? lines->images : NULL; image; image = next) {
		next = image->next;
		close_session(image);
		free(image->module);
		free(image);
	}
	free(lines);
}
