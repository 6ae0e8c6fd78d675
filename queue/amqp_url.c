#include "queue/amqp_url.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/base/buf.h"
#include "gateway/base/mem.h"
#include "gateway/base/text.h"

enum { PORT = 5672, PORT_TLS = 5671, PORT_MAX = 65535 };

static const struct {
	const char *name;
	size_t offset;
} parameters[] = {
	{"cacertfile", offsetof(struct amqp_url, cacertfile)},
	{"certfile", offsetof(struct amqp_url, certfile)},
	{"keyfile", offsetof(struct amqp_url, keyfile)},
};

static int wrong(struct err *e, const char *what)
{
	return err_set(e, ERR_CONFIG, "queue url: %s", what);
}

static int hex(char c)
{
	const char *digits = "0123456789abcdef", *at;

	if (c >= 'A' && c <= 'F')
		c = (char)(c - 'A' + 'a');
	at = c ? strchr(digits, c) : NULL;
	return at ? (int)(at - digits) : -1;
}

/* The text without its percent signs; NULL if they are wrong or hide a NUL. */
static char *decode(struct slice text)
{
	char *out = mem_alloc(text.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < text.n; i++) {
		char c = text.at[i];

		if (c == '%') {
			int high = i + 2 < text.n ? hex(text.at[i + 1]) : -1;
			int low = high < 0 ? -1 : hex(text.at[i + 2]);

			if (low < 0 || high * 16 + low == 0) {
				free(out);
				return NULL;
			}
			c = (char)(high * 16 + low);
			i += 2;
		}
		out[n++] = c;
	}
	return out;
}

/* Split @text at the first of @marks: what is before it goes to @ret_head. Returns the
 * mark, which stays at the front of the rest, or 0 at the end. */
static char split(struct slice *text, const char *marks, struct slice *ret_head)
{
	size_t n = 0;

	while (n < text->n && !strchr(marks, text->at[n]))
		n++;
	*ret_head = (struct slice){text->at, n};
	*text = (struct slice){text->at + n, text->n - n};
	return text->n ? *text->at : '\0';
}

static void skip(struct slice *text, size_t n)
{
	text->at += n;
	text->n -= n;
}

static int parse_user(struct slice *rest, struct amqp_url *u, struct err *e)
{
	struct slice authority = *rest, all, user;

	split(&authority, "/?#", &all);
	const char *at = memrchr(all.at, '@', all.n);

	if (!at) {
		u->user = mem_dup("guest");
		return 0;
	}
	user = (struct slice){all.at, (size_t)(at - all.at)};
	if (memchr(user.at, ':', user.n))
		return wrong(e, "holds a password: use password_file or password_env");
	skip(rest, user.n + 1);
	u->user = decode(user);
	if (!u->user || !*u->user)
		return wrong(e, "no user before the @");
	return 0;
}

static int parse_host(struct slice *rest, struct amqp_url *u, struct err *e)
{
	struct slice host, port;
	int64_t number = u->tls ? PORT_TLS : PORT;

	if (rest->n && *rest->at == '[') {
		skip(rest, 1);
		if (split(rest, "]", &host) != ']')
			return wrong(e, "a [ without its ]");
		skip(rest, 1);
	} else {
		split(rest, ":/?#", &host);
	}
	u->host = decode(host);
	if (!u->host || !*u->host)
		return wrong(e, "no host");
	if (rest->n && *rest->at == ':') {
		skip(rest, 1);
		split(rest, "/?#", &port);
		char *text = mem_dup_n(port.at, port.n);
		bool good = text_parse_int(text, 1, PORT_MAX, &number);

		free(text);
		if (!good)
			return wrong(e, "the port is not a number from 1 to 65535");
	}
	u->port = (int)number;
	return 0;
}

static int parse_vhost(struct slice *rest, struct amqp_url *u, struct err *e)
{
	struct slice vhost = {"/", 1};

	if (rest->n && *rest->at == '/') {
		skip(rest, 1);
		if (rest->n && *rest->at != '?')
			split(rest, "?#", &vhost);
	}
	if (memchr(vhost.at, '/', vhost.n) && vhost.n > 1)
		return wrong(e, "a / inside the vhost must be %2F");
	u->vhost = decode(vhost);
	return u->vhost ? 0 : wrong(e, "a % without two hexadecimal digits");
}

static int set_parameter(
	struct amqp_url *u, struct slice name, struct slice value, struct err *e)
{
	for (size_t i = 0; i < sizeof(parameters) / sizeof(parameters[0]); i++) {
		const char *known = parameters[i].name;
		char **field = (char **)(void *)((char *)u + parameters[i].offset);

		if (strlen(known) != name.n || memcmp(known, name.at, name.n) != 0)
			continue;
		free(*field);
		*field = decode(value);
		return *field ? 0 : wrong(e, "a % without two hexadecimal digits");
	}
	return wrong(e, "after the ? only cacertfile, certfile and keyfile are known");
}

static int parse_parameters(struct slice *rest, struct amqp_url *u, struct err *e)
{
	struct slice name, value = {0};

	while (rest->n && (*rest->at == '?' || *rest->at == '&')) {
		skip(rest, 1);
		if (split(rest, "=&#", &name) == '=') {
			skip(rest, 1);
			split(rest, "&#", &value);
		}
		if (set_parameter(u, name, value, e) < 0)
			return -1;
	}
	if (rest->n)
		return wrong(e, "something after its end");
	if (!u->certfile != !u->keyfile)
		return wrong(e, "certfile and keyfile go together");
	return 0;
}

int amqp_url_parse(const char *text, struct amqp_url *ret_url, struct err *e)
{
	static const char plain[] = "amqp://", tls[] = "amqps://";
	struct amqp_url u = {0};
	struct slice rest;

	if (!text || !*text)
		return wrong(e, "missing");
	u.tls = strncmp(text, tls, strlen(tls)) == 0;
	if (!u.tls && strncmp(text, plain, strlen(plain)) != 0)
		return wrong(e, "begins with neither amqp:// nor amqps://");
	rest = (struct slice){text, strlen(text)};
	skip(&rest, strlen(u.tls ? tls : plain));
	if (parse_user(&rest, &u, e) < 0 || parse_host(&rest, &u, e) < 0 ||
		parse_vhost(&rest, &u, e) < 0 || parse_parameters(&rest, &u, e) < 0) {
		amqp_url_deinit(&u);
		return -1;
	}
	*ret_url = u;
	return 0;
}

void amqp_url_deinit(struct amqp_url *url)
{
	free(url->user);
	free(url->host);
	free(url->vhost);
	free(url->cacertfile);
	free(url->certfile);
	free(url->keyfile);
	*url = (struct amqp_url){0};
}
