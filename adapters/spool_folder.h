/* A spool's folder, made where it is missing. */
#pragma once

#include "gateway/base/err.h"

/* Make @path and every folder above it that is not there. That it is there already is
 * success; that it is no folder is for whoever opens it to say. */
int spool_folder_make(const char *path, struct err *e);
