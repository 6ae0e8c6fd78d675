/*
 * tests/lib/fake_http.py as a program of its own, for tests in C: a peer on loopback
 * that plays a case. Any failure ends the test (cmocka).
 */
#pragma once

#include <stdio.h>
#include <sys/types.h>

#include "tests/lib/scratch.h"

struct fake_http {
	pid_t pid;
	FILE *in, *out;
	char url[128];             /* without a path: "http://127.0.0.1:4711" */
	char ca_file[128];         /* TLS: what to trust */
	char client_file[128];     /* TLS: a client's certificate and key */
	int requests, connections; /* after fake_http_stop */
};

/* Play the case of @json. @certificate as in fake_http.py, NULL: no TLS. Certificates
 * are made once a scratch. With @ask_client the client must show one too. */
void fake_http_start(struct fake_http *fake, struct scratch *s, const char *json,
	const char *certificate, bool ask_client);

/* End it; what was not as the case expects fails the test. */
void fake_http_stop(struct fake_http *fake);
