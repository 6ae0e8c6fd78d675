/* Paths into which values were filled. A value may be `.` or `..`; a path that climbs
 * is not the one that was meant, and whoever is asked would follow it. */
#pragma once

#include <stdbool.h>

/* Is a part of @path, which begins with its `/`, one of the two, escaped or not? */
bool url_path_climbs(const char *path);

/* The same of the path of a whole URL. */
bool url_climbs(const char *url);
