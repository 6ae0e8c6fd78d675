#include "gateway/base/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

int err_set(struct err *e, enum err_code code, const char *format, ...)
{
	va_list args;

	if (!e)
		return -1;
	e->code = code;
	e->system = 0;
	va_start(args, format);
	vsnprintf(e->text, sizeof(e->text), format, args);
	va_end(args);
	return -1;
}

int err_errno(struct err *e, const char *format, ...)
{
	int system = errno;
	char what[384], words[96];
	va_list args;

	if (!e)
		return -1;
	va_start(args, format);
	vsnprintf(what, sizeof(what), format, args);
	va_end(args);
	err_set(e, ERR_IO, "%s: %s", what, strerror_r(system, words, sizeof(words)));
	e->system = system;
	return -1;
}

int err_wrap(struct err *e, const char *format, ...)
{
	char before[sizeof(e->text)], context[256];
	va_list args;

	if (!e)
		return -1;
	memcpy(before, e->text, sizeof(before));
	va_start(args, format);
	vsnprintf(context, sizeof(context), format, args);
	va_end(args);
	int n = snprintf(e->text, sizeof(e->text), "%s: ", context);

	snprintf(e->text + n, sizeof(e->text) - (size_t)n, "%s", before);
	return -1;
}

int err_exit_code(enum err_code code)
{
	switch (code) {
	case ERR_NONE:
		return EX_OK;
	case ERR_USAGE:
		return EX_USAGE;
	case ERR_INPUT:
		return EX_DATAERR;
	case ERR_UNAVAILABLE:
	case ERR_IO:
		return EX_UNAVAILABLE;
	case ERR_CONFIG:
		return EX_CONFIG;
	case ERR_BUG:
		break;
	}
	return EX_SOFTWARE;
}
