/* CloudEvents into a folder, one file each: `<event id>.json`, whole or not there. */
#pragma once

#include "adapters/adapter.h"

struct spool_sink_options {
	const char *path; /* the folder; made when missing */
};

extern const struct sink_ops spool_sink_ops;
