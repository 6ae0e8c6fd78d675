#include "gateway/config/secret.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "gateway/config/file.h"

enum { SECRET_MAX_BYTES = 4096 };

/* What stands before the last `@`, wherever that is: a password may hold a slash. */
static bool find_user(const char *url, const char **ret_at, size_t *ret_n)
{
	const char *start = strstr(url, "://"), *end = strrchr(url, '@');

	start = start ? start + 3 : url;
	if (!end || end < start)
		return false;
	*ret_at = start;
	*ret_n = (size_t)(end - start);
	return true;
}

const char *secret_judge_url(const char *url)
{
	const char *user = NULL;
	size_t n = 0;

	if (find_user(url, &user, &n) && memchr(user, ':', n))
		return "an address must not hold a password (a `:` before the `@`); "
		       "write "
		       "amqp://user@host/vhost and give the password by password_file "
		       "or "
		       "password_env";
	if (strncmp(url, "amqp://", 7) != 0 && strncmp(url, "amqps://", 8) != 0)
		return "must begin with amqp:// or amqps://, as amqp://user@host/vhost";
	if (url[strcspn(url, " \t\r\n")])
		return "an address has no spaces; write %20 for one";
	const char *host = strstr(url, "://") + 3;

	if (find_user(url, &user, &n))
		host = user + n + 1;
	if (strcspn(host, ":/?#") == 0)
		return "names no host; write it as amqp://user@host/vhost";
	return NULL;
}

bool secret_url_has_user(const char *url)
{
	const char *user = NULL;
	size_t n = 0;

	return find_user(url, &user, &n) && n > 0;
}

static const char *read_secret_file(
	struct reading *r, const struct node *at, const char *path)
{
	cleanup_buf struct buf bytes = {0};
	struct err e = {0};

	if (file_read(path, SECRET_MAX_BYTES, &bytes, &e)) {
		complain(r, at,
			"the file with the password cannot be read: %s; its path "
			"starts "
			"from the folder of this file",
			e.text);
		return NULL;
	}
	size_t n = bytes.n;

	if (n && bytes.data[n - 1] == '\n')
		n--;
	if (n && n < bytes.n && bytes.data[n - 1] == '\r')
		n--;
	if (n && !memchr(bytes.data, '\0', n)) {
		const char *password = arena_dup_n(r->arena, bytes.data, n);

		explicit_bzero(bytes.data, bytes.n);
		return password;
	}
	complain(r, at, "the file with the password %s",
		n ? "holds a NUL byte; it must be one line of text" : "is empty");
	return NULL;
}

const char *secret_read(struct reading *r, const struct node *map, const char *file,
	const char *variable)
{
	const struct node *at = node_find(map, "password_env");

	if (file && at) {
		complain_key(
			r, at, "give either password_file or password_env, not both");
		return NULL;
	}
	if (file)
		return read_secret_file(r, node_find(map, "password_file"), file);
	if (!variable)
		return NULL;
	const char *value = getenv(variable);

	if (value && *value)
		return arena_dup(r->arena, value);
	complain(r, at,
		"the environment variable named here is %s; set it before the start",
		value ? "empty" : "not set");
	return NULL;
}
