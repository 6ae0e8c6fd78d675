/* The bare side of `bench http`. */
#pragma once

#include "gateway/base/err.h"

/* Serve on @listener until SIGTERM comes. For a child that does nothing else. */
int bench_http_bare(int listener, struct err *e);
