/* SPDX-License-Identifier: GPL-2.0-only */
/* The parts of a sink that do nothing but hand numbers to the model, which is its context. */
#ifndef PGMAP_INTAKE_H
#define PGMAP_INTAKE_H

#include "core/model.h"
#include "source/source.h"

/* A sink into @model; its event() is left to the caller. */
struct pgmap_sink pgmap_intake(struct pgmap_model *model);

#endif
