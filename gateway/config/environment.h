/* The environment is read in this folder alone: whoever needs a variable asks here. */
#pragma once

/* NULL: not set, or empty. */
const char *environment_value(const char *name);
