/* What the queue's test files share: one place to stand on for either backend. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "queue/queue.h"

/* A place of its own for one test: a file in a fresh folder, or an exchange and queue
 * names nobody else uses. */
struct place {
	enum queue_type type;
	char folder[64], path[96];
	char exchange[64], name[64], other[64], dead[80];
};

extern enum queue_type place_type;

int place_setup(void **state);
int place_teardown(void **state);

struct queue_options place_options(const struct place *p);
struct queue *place_open(const struct place *p);
struct queue *place_open_taking(const struct place *p, const char *name, int prefetch);

/* Fails the test with the fault's text. */
#define assert_done(call)                                                              \
	do {                                                                           \
		if ((call) != 0)                                                       \
			fail_msg("%s: %s", #call, e.text);                             \
	} while (0)

#define PLACED(test) cmocka_unit_test_setup_teardown(test, place_setup, place_teardown)

/* Publish and do not wait; @key is followed by a number in id and body. */
void put(struct queue *q, const char *key, int number);
void put_bytes(struct queue *q, const char *key, const char *bytes, size_t n);
/* Wait until all that was published is safe. */
void settle(struct queue *q, uint64_t number);
/* The next one, which must come. */
struct queue_delivery take(struct queue *q);
/* The next one is message @number of put(). */
struct queue_delivery take_number(struct queue *q, const char *key, int number);
/* Nothing comes. */
void take_nothing(struct queue *q, const char *name);
/* @name comes to hold @n waiting messages. */
void await_depth(struct queue *q, const char *name, uint64_t n);

/* queue_embedded_only.c, queue_amqp_only.c: what one backend alone can show. They run
 * their tests and return how many failed. */
int embedded_only(void);
int amqp_only(void);
