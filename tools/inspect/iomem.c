// SPDX-License-Identifier: GPL-2.0-only
/* Reads /proc/iomem, where two blanks of indentation are one level. */
#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "iomem.h"

int pgmap_iomem_line(const char *line, struct pgmap_resource *resource)
{
	size_t blanks = strspn(line, " "), length;
	char *rest;

	errno = 0;
	line += blanks;
	if (blanks % 2 || !isxdigit(*line))
		return -EINVAL;
	resource->depth = blanks / 2;
	resource->start = strtoull(line, &rest, 16);
	if (*rest != '-' || !isxdigit(rest[1]))
		return -EINVAL;
	resource->end = strtoull(rest + 1, &rest, 16);
	if (errno || strncmp(rest, " : ", 3) || resource->start > resource->end)
		return -EINVAL;
	length = strcspn(rest + 3, "\n");
	if (length >= sizeof(resource->name))
		length = sizeof(resource->name) - 1;
	memcpy(resource->name, rest + 3, length);
	resource->name[length] = 0;
	return 0;
}

static int append(struct pgmap_iomem *iomem, const struct pgmap_resource *resource)
{
	size_t room = iomem->room ? 2 * iomem->room : 128;
	struct pgmap_resource *all;

	if (iomem->nr == iomem->room) {
		all = reallocarray(iomem->all, room, sizeof(*all));
		if (!all)
			return -ENOMEM;
		iomem->all = all;
		iomem->room = room;
	}
	iomem->all[iomem->nr++] = *resource;
	return 0;
}

int pgmap_iomem_read(struct pgmap_iomem *iomem, FILE *file)
{
	struct pgmap_resource resource;
	bool shown = false;
	char line[512];
	int err = 0;

	iomem->nr = 0;
	rewind(file);
	while (!err && fgets(line, sizeof(line), file)) {
		if (pgmap_iomem_line(line, &resource))
			continue;
		/* without the right each is shown as 0-0 */
		shown = shown || resource.end;
		err = append(iomem, &resource);
	}
	if (err || ferror(file))
		return err ? err : -EIO;
	return shown ? 0 : -EPERM;
}

static bool contains(const struct pgmap_resource *one, __u64 start, __u64 end)
{
	return one->start <= start && end <= one->end;
}

const struct pgmap_resource *pgmap_iomem_innermost(const struct pgmap_iomem *iomem, __u64 start,
						   __u64 end)
{
	const struct pgmap_resource *found = NULL;
	size_t i;

	for (i = 0; i < iomem->nr; i++)
		if (contains(&iomem->all[i], start, end) &&
		    (!found || iomem->all[i].depth > found->depth))
			found = &iomem->all[i];
	return found;
}

const struct pgmap_resource *pgmap_iomem_parent(const struct pgmap_iomem *iomem,
						const struct pgmap_resource *resource)
{
	const struct pgmap_resource *one = resource;

	while (one > iomem->all)
		if ((--one)->depth < resource->depth)
			return one;
	return NULL;
}

void pgmap_iomem_free(struct pgmap_iomem *iomem)
{
	free(iomem->all);
	memset(iomem, 0, sizeof(*iomem));
}
