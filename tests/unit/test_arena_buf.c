/* Arenas, buffers and plain memory: what lives how long, and what is too much. */
#include <setjmp.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <string.h>

#include "gateway/base/arena.h"
#include "gateway/base/buf.h"
#include "gateway/base/mem.h"

static void an_arenas_values_are_zeroed_aligned_and_apart(void **state)
{
	struct arena a = {0};
	unsigned char *before = NULL;
	size_t before_n = 0;

	(void)state;
	for (int round = 0; round < 2; round++) {
		for (size_t n = 0; n < 3000; n += 7) {
			unsigned char *p = arena_alloc(&a, n);

			assert_int_equal((uintptr_t)p % alignof(max_align_t), 0);
			for (size_t i = 0; i < n; i++)
				assert_int_equal(p[i], 0);
			if (n)
				memset(p, 0xa5, n);
			for (size_t i = 0; i < before_n; i++)
				assert_int_equal(before[i], 0xa5);
			before = p;
			before_n = n;
		}
		assert_true(a.used > 0);
		before_n = 0;
		arena_reset(&a);
		assert_int_equal(a.used, 0);
	}
	arena_deinit(&a);
	assert_null(a.head);
	arena_deinit(&a);
	arena_deinit(NULL);
}

static void an_empty_arena_may_be_reset(void **state)
{
	struct arena a = {0};

	(void)state;
	arena_reset(&a);
	assert_int_equal(a.used, 0);
	arena_deinit(&a);
}

static void texts_are_copied_and_printed_whole(void **state)
{
	struct arena a = {0};
	char big[20000];

	(void)state;
	memset(big, 'x', sizeof(big) - 1);
	big[sizeof(big) - 1] = '\0';
	assert_null(arena_dup(&a, NULL));
	assert_string_equal(arena_dup(&a, ""), "");
	assert_string_equal(arena_dup_n(&a, "abcdef", 3), "abc");
	assert_string_equal(arena_dup_n(&a, NULL, 0), "");
	assert_string_equal(arena_printf(&a, "%s-%d", "NV", 12), "NV-12");
	assert_string_equal(arena_printf(&a, "%s", ""), "");
	assert_string_equal(arena_printf(&a, "%s", big), big);
	arena_deinit(&a);
}

static void a_list_keeps_its_elements_and_gives_zeroed_new_ones(void **state)
{
	struct arena a = {0};
	struct pair {
		int value, untouched;
	};
	LIST_OF(struct pair) list = {0};

	(void)state;
	for (int round = 0; round < 2; round++) {
		for (int i = 0; i < 1000; i++) {
			LIST_ADD(&a, &list)->value = i;
			assert_int_equal(list.at[i].untouched, 0);
			list.at[i].untouched = 7;
		}
		assert_int_equal(list.n, 1000);
		for (int i = 0; i < 1000; i++)
			assert_int_equal(list.at[i].value, i);
		list.n = 0; /* the same room again, elements zeroed again */
	}
	arena_deinit(&a);
}

static void a_buffer_holds_what_was_added_and_ends_in_nul(void **state)
{
	cleanup_buf struct buf b = {0};
	char big[1000];

	(void)state;
	memset(big, 'y', sizeof(big) - 1);
	big[sizeof(big) - 1] = '\0';
	assert_string_equal(buf_text(&b), "");
	buf_add(&b, NULL, 0);
	buf_add_text(&b, "a");
	buf_add_char(&b, 'b');
	buf_add(&b, "cdef", 1);
	buf_printf(&b, "%d", 42);
	assert_string_equal(buf_text(&b), "abc42");
	buf_printf(&b, "%s", big); /* longer than the short way */
	assert_int_equal(b.n, 5 + strlen(big));
	assert_string_equal(buf_text(&b) + 5, big);
	assert_int_equal(b.data[b.n], 0);
	buf_reset(&b);
	assert_string_equal(buf_text(&b), "");
	buf_add(&b, "x\0y", 3);
	assert_int_equal(b.n, 3);
	assert_memory_equal(b.data, "x\0y", 4);
}

static void a_reserved_buffer_is_text_already(void **state)
{
	cleanup_buf struct buf b = {0};

	(void)state;
	assert_true(buf_reserve(&b, 100));
	assert_true(b.cap > 100);
	assert_string_equal(buf_text(&b), "");
}

static void a_full_buffer_keeps_what_it_had_and_takes_no_more(void **state)
{
	cleanup_buf struct buf b = {.max = 8};

	(void)state;
	buf_add_text(&b, "12345678"); /* exactly the maximum */
	assert_false(b.full);
	buf_add_char(&b, '9');
	assert_true(b.full);
	assert_string_equal(buf_text(&b), "12345678");

	buf_reset(&b);
	assert_false(b.full);
	buf_add_text(&b, "1234");
	buf_printf(&b, "%s", "56789");
	assert_true(b.full);
	buf_add_char(&b, '5'); /* would fit, but after a hole */
	assert_string_equal(buf_text(&b), "1234");
	assert_false(buf_reserve(&b, SIZE_MAX));

	buf_deinit(&b);
	assert_int_equal(b.max, 8);
	assert_false(b.full);
	buf_add(&b, "a long text indeed", 18);
	assert_true(b.full);
	assert_string_equal(buf_text(&b), "");
	buf_deinit(NULL);
}

static void memory_is_zeroed_copied_and_stolen(void **state)
{
	cleanup_free char *kept = mem_dup("abc");
	char *stolen = STEAL(kept);

	(void)state;
	assert_null(kept);
	assert_string_equal(stolen, "abc");
	stolen = mem_resize(stolen, 100);
	assert_string_equal(stolen, "abc");
	free(stolen);
	assert_null(mem_dup(NULL));
	kept = mem_dup_n("abc", 2);
	assert_string_equal(kept, "ab");
	cleanup_free char *empty = mem_dup_n(NULL, 0);

	assert_string_equal(empty, "");
	cleanup_free unsigned char *zeroed = mem_alloc(64);

	for (int i = 0; i < 64; i++)
		assert_int_equal(zeroed[i], 0);
	cleanup_free void *nothing = mem_alloc(0);

	assert_non_null(nothing);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_arenas_values_are_zeroed_aligned_and_apart),
		cmocka_unit_test(an_empty_arena_may_be_reset),
		cmocka_unit_test(texts_are_copied_and_printed_whole),
		cmocka_unit_test(a_list_keeps_its_elements_and_gives_zeroed_new_ones),
		cmocka_unit_test(a_buffer_holds_what_was_added_and_ends_in_nul),
		cmocka_unit_test(a_reserved_buffer_is_text_already),
		cmocka_unit_test(a_full_buffer_keeps_what_it_had_and_takes_no_more),
		cmocka_unit_test(memory_is_zeroed_copied_and_stolen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
