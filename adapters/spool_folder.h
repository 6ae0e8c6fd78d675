/* A spool's folder, made where it is missing. */
#pragma once

#include "adapters/adapter.h"
#include "gateway/base/err.h"

/* Make @path and every folder above it that is not there. That it is there already is
 * success; that it is no folder is for whoever opens it to say. */
int spool_folder_make(const char *path, struct err *e);

/* Can @path be read and written, or (not there yet) be made? As a probe of adapter.h.
 */
int spool_folder_probe(const char *path, char ret_note[PROBE_NOTE], struct err *e);
