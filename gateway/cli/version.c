/* Which program this is. The versions are those it was built with (meson.build). */
#include <stddef.h>

#include "gateway/base/json.h"
#include "gateway/cli/commands.h"
#include "gateway/cli/output.h"

static const struct {
	const char *name, *version;
} libraries[] = {
	{"libxml2", BUILT_WITH_LIBXML2},
	{"jansson", BUILT_WITH_JANSSON},
	{"sqlite", BUILT_WITH_SQLITE},
	{"libyaml", BUILT_WITH_LIBYAML},
	{"utf8proc", BUILT_WITH_UTF8PROC},
	{"rabbitmq-c", BUILT_WITH_RABBITMQ},
	{"libcrypto", BUILT_WITH_LIBCRYPTO},
	{"libmicrohttpd", BUILT_WITH_MICROHTTPD},
};
enum { LIBRARIES = sizeof(libraries) / sizeof(libraries[0]) };

static void version_json(void)
{
	cleanup_buf struct buf line = {0};
	struct json j = {.out = &line};

	json_open(&j, '{');
	json_put_text(&j, "name", "congvan");
	json_put_text(&j, "version", CONGVAN_VERSION);
	json_key(&j, "libraries");
	json_open(&j, '{');
	for (size_t i = 0; i < LIBRARIES; i++)
		json_put_text(&j, libraries[i].name, libraries[i].version);
	json_close(&j, '}');
	json_close(&j, '}');
	out_line(&line);
}

int command_version(const struct cli *cli)
{
	if (cli->json) {
		version_json();
		return 0;
	}
	out_text("congvan %s", CONGVAN_VERSION);
	for (size_t i = 0; i < LIBRARIES; i++)
		out_text("%-13s %s", libraries[i].name, libraries[i].version);
	return 0;
}
