// SPDX-License-Identifier: GPL-2.0-only
/* Its program headers say at which offset which addresses are; nothing else of it is looked at. */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kcore.h"

struct pgmap_kcore {
	int fd;
	size_t nr;
	Elf64_Phdr *parts;
};

static int read_all(int fd, void *to, size_t size, __u64 offset)
{
	ssize_t got;

	for (; size; size -= got, offset += got, to = (char *)to + got) {
		got = pread(fd, to, size, offset);
		if (got < 0 && errno == EINTR)
			got = 0;
		else if (got <= 0)
			return -EFAULT;
	}
	return 0;
}

static bool is_core(const Elf64_Ehdr *header)
{
	return !memcmp(header->e_ident, ELFMAG, SELFMAG) &&
	       header->e_ident[EI_CLASS] == ELFCLASS64 && header->e_type == ET_CORE &&
	       header->e_phentsize == sizeof(Elf64_Phdr) && header->e_phnum;
}

static int read_parts(struct pgmap_kcore *kcore)
{
	Elf64_Ehdr header;

	if (read_all(kcore->fd, &header, sizeof(header), 0) || !is_core(&header))
		return -ENOEXEC;
	kcore->nr = header.e_phnum;
	kcore->parts = calloc(kcore->nr, sizeof(kcore->parts[0]));
	if (!kcore->parts)
		return -ENOMEM;
	return read_all(kcore->fd, kcore->parts, kcore->nr * sizeof(kcore->parts[0]),
			header.e_phoff) ? -ENOEXEC : 0;
}

int pgmap_kcore_open(struct pgmap_kcore **opened, const char *path)
{
	struct pgmap_kcore *kcore = calloc(1, sizeof(*kcore));
	int err;

	*opened = kcore;
	if (!kcore)
		return -ENOMEM;
	kcore->fd = open(path, O_RDONLY | O_CLOEXEC);
	err = kcore->fd < 0 ? -errno : read_parts(kcore);
	if (err) {
		pgmap_kcore_free(kcore);
		*opened = NULL;
	}
	return err;
}

int pgmap_kcore_read(void *context, __u64 address, void *to, size_t size)
{
	const struct pgmap_kcore *kcore = context;
	const Elf64_Phdr *part;
	__u64 inside;

	for (part = kcore->parts; part < kcore->parts + kcore->nr; part++) {
		inside = address - part->p_vaddr;
		if (part->p_type == PT_LOAD && address >= part->p_vaddr &&
		    inside < part->p_filesz && size <= part->p_filesz - inside)
			return read_all(kcore->fd, to, size, part->p_offset + inside);
	}
	return -EFAULT;
}

void pgmap_kcore_free(struct pgmap_kcore *kcore)
{
	if (!kcore)
		return;
	if (kcore->fd >= 0)
		close(kcore->fd);
	free(kcore->parts);
	free(kcore);
}
