#include "gateway/config/secret.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "gateway/config/file.h"

enum { SECRET_MAX_BYTES = 4096, TOKEN_MIN_BYTES = 16 };

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

const char *secret_judge_http(const char *url)
{
	const char *host = strstr(url, "://");
	size_t n;

	if (strncmp(url, "http://", 7) != 0 && strncmp(url, "https://", 8) != 0)
		return "must begin with http:// or https://, as https://host/path";
	host += 3;
	n = strcspn(host, "/?#");
	if (memchr(host, '@', n))
		return "an address must hold no user and no password; give them by "
		       "keys "
		       "of their own";
	if (url[strcspn(url, " \t\r\n")])
		return "an address has no spaces; write %20 for one";
	if (n == 0 || *host == ':')
		return "names no host; write it as https://host/path";
	return NULL;
}

/* Does the (well-formed) @url name a user? */
static bool has_user(const char *url)
{
	const char *user = NULL;
	size_t n = 0;

	return find_user(url, &user, &n) && n > 0;
}

static const char *read_secret_file(
	struct reading *r, const struct node *at, const char *what, const char *path)
{
	cleanup_buf struct buf bytes = {0};
	struct err e = {0};

	if (file_read(path, SECRET_MAX_BYTES, &bytes, &e)) {
		complain(r, at,
			"the file with the %s cannot be read: %s; its path starts from "
			"the folder of this file",
			what, e.text);
		return NULL;
	}
	size_t n = bytes.n;

	if (n && bytes.data[n - 1] == '\n')
		n--;
	if (n && n < bytes.n && bytes.data[n - 1] == '\r')
		n--;
	if (n && !memchr(bytes.data, '\0', n)) {
		const char *secret = arena_dup_n(r->arena, bytes.data, n);

		explicit_bzero(bytes.data, bytes.n);
		return secret;
	}
	complain(r, at, "the file with the %s %s", what,
		n ? "holds a NUL byte; it must be one line of text" : "is empty");
	return NULL;
}

static const struct node *find_key(
	struct reading *r, const struct node *map, const char *what, const char *end)
{
	return node_find(map, arena_printf(r->arena, "%s_%s", what, end));
}

const struct node *secret_key(
	struct reading *r, const struct node *map, const char *what)
{
	const struct node *file = find_key(r, map, what, "file");

	return file ? file : find_key(r, map, what, "env");
}

const char *secret_read(struct reading *r, const struct node *map, const char *what,
	const char *file, const char *variable)
{
	const struct node *at = find_key(r, map, what, "env");

	if (file && at) {
		complain_key(
			r, at, "give either %s_file or %s_env, not both", what, what);
		return NULL;
	}
	if (file)
		return read_secret_file(r, find_key(r, map, what, "file"), what, file);
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

static void split_lines(struct arena *arena, const char *text, struct tokens *ret)
{
	LIST_OF(const char *) list = {0};

	for (const char *at = text; at && *at;) {
		size_t n = strcspn(at, " \t\r\n");

		if (n)
			*LIST_ADD(arena, &list) = arena_dup_n(arena, at, n);
		at += n + (at[n] != '\0');
	}
	*ret = (struct tokens){list.at, list.n};
}

struct tokens secret_read_tokens(struct reading *r, const struct node *map,
	const char *what, const char *file, const char *variable)
{
	const struct node *at = secret_key(r, map, what);
	struct tokens tokens = {0};

	if (!at) {
		complain_missing(r, map, arena_printf(r->arena, "%s_file", what),
			"is missing: %s_file or %s_env, with one token a line", what,
			what);
		return tokens;
	}
	const char *text = secret_read(r, map, what, file, variable);

	split_lines(r->arena, text, &tokens);
	if (text && !tokens.n)
		complain(r, at, "holds no token");
	for (size_t i = 0; i < tokens.n; i++)
		if (strlen(tokens.at[i]) < TOKEN_MIN_BYTES)
			complain(r, at,
				"token %zu is shorter than %d characters; make one "
				"with `openssl rand -hex 32`",
				i + 1, TOKEN_MIN_BYTES);
	return tokens;
}

const char *secret_read_broker(struct reading *r, const struct node *map,
	const char *url, const char *file, const char *variable)
{
	const char *password = secret_read(r, map, "password", file, variable);
	const struct node *given = secret_key(r, map, "password");

	if (!url) {
		if (given && !node_find(map, "url"))
			complain_key(r, given, "a password needs the `url` it is for");
		return NULL;
	}
	if (has_user(url) && !given)
		complain(r, node_find(map, "url"),
			"names a user but no password is given; add password_file or "
			"password_env");
	if (!has_user(url) && given)
		complain(r, node_find(map, "url"),
			"names no user for the password; write it as "
			"amqp://user@host/vhost");
	return password;
}
