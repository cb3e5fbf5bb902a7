// SPDX-License-Identifier: GPL-2.0-only
/* Looks for files with debug info where distributions and kernel builds put them. */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "files.h"

/* ---- build ids ---- */

static size_t padded(size_t length)
{
	return (length + 3) & ~(size_t)3;
}

int pgmap_build_id_of_notes(const void *notes, size_t length, struct pgmap_build_id *id)
{
	const unsigned char *at = notes;
	Elf64_Nhdr head;
	size_t name, all;

	id->length = 0;
	while (length >= sizeof(head)) {
		memcpy(&head, at, sizeof(head));
		name = padded(head.n_namesz);
		all = sizeof(head) + name + padded(head.n_descsz);
		if (all > length)
			break;
		if (head.n_type == NT_GNU_BUILD_ID && head.n_namesz == sizeof("GNU") &&
		    !memcmp(at + sizeof(head), "GNU", sizeof("GNU")) &&
		    head.n_descsz <= sizeof(id->bytes)) {
			memcpy(id->bytes, at + sizeof(head) + name, head.n_descsz);
			id->length = head.n_descsz;
			return 0;
		}
		at += all;
		length -= all;
	}
	return -ENOENT;
}

int pgmap_build_id_running(const char *module, struct pgmap_build_id *id)
{
	char path[PATH_MAX] = "/sys/kernel/notes", notes[4096];
	ssize_t length;
	int fd;

	id->length = 0;
	if (module)
		snprintf(path, sizeof(path), "/sys/module/%s/notes/.note.gnu.build-id", module);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	length = read(fd, notes, sizeof(notes));
	close(fd);
	return length < 0 ? -EIO : pgmap_build_id_of_notes(notes, length, id);
}

/* ---- files ---- */

/* Module names have '_' where their files may have '-'. */
static int is_file_of(const char *file, const char *module)
{
	for (; *module; file++, module++)
		if (*file != *module && !(*file == '-' && *module == '_'))
			return 0;
	return !strcmp(file, ".ko") || !strcmp(file, ".ko.debug") || !strncmp(file, ".ko.", 4);
}

static int visit_tree(char *dir, const char *module,
		      int (*visit)(void *context, const char *path), void *context)
{
	char *const dirs[] = { dir, NULL };
	FTS *tree = fts_open(dirs, FTS_PHYSICAL | FTS_NOCHDIR | FTS_NOSTAT, NULL);
	FTSENT *entry;
	int done = 0;

	while (tree && !done && (entry = fts_read(tree)))
		if (entry->fts_info != FTS_D && is_file_of(entry->fts_name, module))
			done = visit(context, entry->fts_path);
	if (tree)
		fts_close(tree);
	return done;
}

void pgmap_files_visit(const char *debuginfo, const char *module,
		       int (*visit)(void *context, const char *path), void *context)
{
	static const char *const kernels[] = {
		"/usr/lib/debug/boot/vmlinux-%s", "/usr/lib/debug/lib/modules/%s/vmlinux",
		"/boot/vmlinux-%s", "/lib/modules/%s/build/vmlinux",
	};
	static const char *const trees[] = { "/usr/lib/debug/lib/modules/%s", "/lib/modules/%s" };
	const char *const *patterns = module ? trees : kernels;
	size_t i, nr = module ? 2 : 4;
	char path[PATH_MAX];
	struct utsname name;
	struct stat stat_of;

	if (debuginfo && !stat(debuginfo, &stat_of)) {
		bool is_dir = S_ISDIR(stat_of.st_mode);

		snprintf(path, sizeof(path), "%s%s", debuginfo, is_dir ? "/vmlinux" : "");
		if (!module && visit(context, path))
			return;
		snprintf(path, sizeof(path), "%s", debuginfo);
		if (module && is_dir && visit_tree(path, module, visit, context))
			return;
	}
	if (uname(&name))
		return;
	for (i = 0; i < nr; i++) {
		snprintf(path, sizeof(path), patterns[i], name.release);
		if (module ? visit_tree(path, module, visit, context) : visit(context, path))
			return;
	}
}
