/*
 * amqp[s]://[user@]host[:port][/vhost][?cacertfile=…&certfile=…&keyfile=…], parts
 * percent-encoded as in any URL. A password in it is refused: it belongs into
 * password_file or password_env, where no listing of the configuration shows it.
 */
#pragma once

#include <stdbool.h>

#include "gateway/base/err.h"

struct amqp_url {
	bool tls;
	int port;
	char *user;  /* guest unless said */
	char *host;  /* without the brackets of an IPv6 address */
	char *vhost; /* "/" unless said */
	char *cacertfile, *certfile, *keyfile; /* NULL unless said */
};

/* On -1 (ERR_CONFIG, a text that does not repeat the url) nothing is left behind. */
int amqp_url_parse(const char *text, struct amqp_url *ret_url, struct err *e);
void amqp_url_deinit(struct amqp_url *url);
