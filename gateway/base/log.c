#include "gateway/base/log.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "gateway/base/buf.h"
#include "gateway/base/json.h"

static atomic_int level_now = LOG_LEVEL_INFO;

void log_set_level(enum log_level level)
{
	atomic_store(&level_now, (int)level);
}

/* Bare when it is a plain word, else a JSON string: one escape for all. */
static void add_value(struct buf *line, const char *value)
{
	size_t plain = strspn(value, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVW"
				     "XYZ0123456789._:/+-@,");
	struct json j = {.out = line};

	if (*value && !value[plain])
		buf_add_text(line, value);
	else
		json_text(&j, value);
}

void log_event(enum log_level level, const char *event, ...)
{
	static const char *const words[] = {"error", "warning", "info", "debug"};
	cleanup_buf struct buf line = {0};
	va_list args;

	if ((int)level > atomic_load(&level_now))
		return;
	buf_printf(&line, "%s %s", words[level], event);
	va_start(args, event);
	for (const char *key; (key = va_arg(args, const char *));) {
		const char *value = va_arg(args, const char *);

		if (!value)
			continue;
		buf_printf(&line, " %s=", key);
		add_value(&line, value);
	}
	va_end(args);
	buf_add_char(&line, '\n');
	/* One write, so lines of several threads do not mix; nobody to tell if it
	 * fails. */
	ssize_t written = write(STDERR_FILENO, line.data, line.n);

	(void)written;
}
