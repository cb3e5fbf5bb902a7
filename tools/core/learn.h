/* SPDX-License-Identifier: GPL-2.0-only */
/* What a pagemap says about itself: type, driver, ranges. New ranges are judged. */
#ifndef PGMAP_CORE_LEARN_H
#define PGMAP_CORE_LEARN_H

#include "model.h"

/* From an ADD or SEEN, once. Returns 0 or -ENOMEM. */
int pgmap_learn_add(struct pgmap_model *model, struct pgmap_instance *one,
		    const struct pgmap_event *ev);

/* From a RANGE: more of them. Returns 0, -ENOMEM, or -EINVAL past PGMAP_MAX_RANGES in all. */
int pgmap_learn_ranges(struct pgmap_model *model, struct pgmap_instance *one,
		       const struct pgmap_event *ev);

#endif
