/*
 * X1: of a document of a secret class the bytes are dropped from memory. The whole
 * memory of this process is searched for a phrase of it, once intake is done; the
 * phrase itself is only ever held coded.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <fcntl.h>
#include <unistd.h>

#include "gateway/flow/intake.h"
#include "tests/lib/scratch.h"

enum {
	CODE = 0x15,
	PHRASE = 24,
	LARGEST = 512 << 20, /* ASan's shadow is no place to look for texts */
};

/* Some letters that stand nowhere else, each xor CODE. */
static const unsigned char phrase[PHRASE] = {'q' ^ CODE, 'z' ^ CODE, 'k' ^ CODE,
	'x' ^ CODE, 'w' ^ CODE, 'v' ^ CODE, 'j' ^ CODE, 'q' ^ CODE, 'x' ^ CODE,
	'z' ^ CODE, 'f' ^ CODE, 'w' ^ CODE, 'q' ^ CODE, 'k' ^ CODE, 'z' ^ CODE,
	'j' ^ CODE, 'v' ^ CODE, 'x' ^ CODE, 'q' ^ CODE, 'w' ^ CODE, 'f' ^ CODE,
	'z' ^ CODE, 'x' ^ CODE, 'k' ^ CODE};

static bool is_phrase(const unsigned char *at)
{
	for (size_t i = 0; i < PHRASE; i++)
		if ((at[i] ^ CODE) != phrase[i])
			return false;
	return true;
}

static size_t count_in(int memory, unsigned long from, unsigned long to)
{
	static unsigned char piece[1 << 16];
	size_t found = 0;

	while (from < to) {
		size_t want = to - from < sizeof(piece) ? to - from : sizeof(piece);
		ssize_t n = pread(memory, piece, want, (off_t)from);

		if (n < PHRASE)
			break;
		for (ssize_t i = 0; i + PHRASE <= n; i++)
			found += is_phrase(piece + i);
		/* What is cut at the end is looked at again. */
		from += (size_t)n == want && want < sizeof(piece)
				? want
				: (size_t)n - PHRASE + 1;
	}
	explicit_bzero(piece, sizeof(piece));
	return found;
}

/* How often the phrase stands anywhere in this process's writable memory. */
static size_t count_in_memory(void)
{
	FILE *maps = fopen("/proc/self/maps", "re");
	int memory = open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
	size_t found = 0;
	char line[512];

	assert_non_null(maps);
	assert_true(memory >= 0);
	while (fgets(line, sizeof(line), maps)) {
		char *end;
		unsigned long from = strtoul(line, &end, 16),
			      to = strtoul(end + 1, &end, 16);

		if (end[1] == 'r' && end[2] == 'w' && to - from < LARGEST)
			found += count_in(memory, from, to);
	}
	fclose(maps);
	close(memory);
	return found;
}

/* Writes @text to @fd, the phrase where it has a `@`, and filler for a `#`. */
static void write_document(int fd, const char *text)
{
	static const char filler[] = "van ban nay rat dai, ";
	char clear[PHRASE];

	for (const char *p = text; *p; p++) {
		for (size_t i = 0; *p == '@' && i < PHRASE; i++)
			clear[i] = (char)(phrase[i] ^ CODE);
		if (*p == '@')
			assert_int_equal(write(fd, clear, PHRASE), PHRASE);
		else if (*p != '#')
			assert_int_equal(write(fd, p, 1), 1);
		for (int i = 0; *p == '#' && i < 9000; i++)
			assert_true(write(fd, filler, sizeof(filler) - 1) > 0);
	}
	explicit_bzero(clear, sizeof(clear));
}

#define EDXML                                                                          \
	"<?xml version=\"1.0\" encoding=\"UTF-8\"?>"                                   \
	"<edXML xmlns=\"http://www.mic.gov.vn/TBT/QCVN_102_2016\"><edXMLEnvelope>"     \
	"<edXMLHeader><MessageHeader><From><OrganId>H99</OrganId></From>"              \
	"<To><OrganId>H99.05</OrganId></To><DocumentId>d-2</DocumentId>"
#define ENDS                                                                           \
	"</MessageHeader></edXMLHeader></edXMLEnvelope>"                               \
	"<AttachmentEncoded><Attachment><AttachmentName>@</AttachmentName>"            \
	"<Attachment>@#@</Attachment></Attachment></AttachmentEncoded></edXML>"
#define EVENT                                                                          \
	"{\"kind\":\"document\",\"document_id\":\"d-2\",\"from\":{\"organ_id\":"       \
	"\"H99\"},\"issued_on\":\"2025-01-02\",\"code\":{\"number\":\"2\","            \
	"\"notation\":\"UBND\"},"

static const struct {
	const char *says, *text;
} secrets[] = {
	{"a short edXML", EDXML "<Subject>MẬT: @</Subject><Content>@</Content>" ENDS},
	{"a long one", EDXML "<Content>@#@#@</Content><Subject>@</Subject>"
			     "<OtherInfo note=\"@\"><Secret>2</Secret></OtherInfo>"
			     "<ToPlaces><Place>@</Place></ToPlaces>"
			     "<Subject>TỐI MẬT - @</Subject>" ENDS},
	{"one that breaks off", EDXML "<Subject>MẬT. @</Subject><Content>@ < @"},
	{"a decomposed one", EDXML "<Subject>MẬT: @ Kê\xcc\x81 hoạch @</Subject>" ENDS},
	{"an event", EVENT "\"content\":\"@#@\",\"subject\":\"MẬT: @\"}"},
	{"an event marked by its source",
		EVENT "\"subject\":\"@\",\"assignments\":[{\"content\":\"@\"}],"
		      "\"secrecy\":\"secret\"}"},
	{"an event that breaks off", EVENT "\"subject\":\"MẬT: @\",\"content\":\"@#@"},
};

static const struct intake_context context = {
	.adapter = "inbox", .policy = &policy_default, .at = 1000, .origin = "m-1"};

/* Through the codec, which goes on living, as a feeder's does. */
static void read_secret(
	struct scratch *s, struct codec *c, const char *text, bool from_memory)
{
	const char *path = scratch_path(s, "secret");
	int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	struct intake_item item;
	struct err e = {0};

	assert_true(fd >= 0);
	write_document(fd, text);
	off_t n = lseek(fd, 0, SEEK_END);

	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	if (from_memory) {
		char *bytes = malloc((size_t)n);

		assert_int_equal(read(fd, bytes, (size_t)n), n);
		assert_int_equal(intake_read_bytes(c, (struct slice){bytes, (size_t)n},
					 &context, &item, &e),
			0);
		explicit_bzero(bytes, (size_t)n);
		free(bytes);
	} else {
		assert_int_equal(intake_read_fd(c, fd, path, &context, &item, &e), 0);
	}
	close(fd);
	assert_true(item.arrival.restricted);
	intake_item_deinit(&item);
}

static void test_x1_the_search_finds_what_is_there(void **state)
{
	char *held = malloc(PHRASE);

	(void)state;
	for (size_t i = 0; i < PHRASE; i++)
		held[i] = (char)(phrase[i] ^ CODE);
	assert_true(count_in_memory() > 0);
	explicit_bzero(held, PHRASE);
	free(held);
	assert_int_equal(count_in_memory(), 0);
}

static void test_x1_a_secret_documents_text_is_nowhere_in_memory(void **state)
{
	struct codec_options options = {.format = CODEC_AUTO};
	struct codec *c = codec_new(&options);

	for (size_t i = 0; i < 2 * sizeof(secrets) / sizeof(secrets[0]); i++) {
		read_secret(*state, c, secrets[i / 2].text, i % 2);
		size_t found = count_in_memory();

		if (found)
			fail_msg("%s, %s: found %zu times", secrets[i / 2].says,
				i % 2 ? "from memory" : "from a file", found);
	}
	codec_free(c);
}

static void test_x1_the_codec_goes_on_after_a_secret_document(void **state)
{
	struct codec_options options = {.format = CODEC_AUTO};
	struct codec *c = codec_new(&options);
	struct scratch *s = *state;
	struct intake_item item;
	struct err e = {0};

	read_secret(s, c, secrets[0].text, false);
	scratch_write(s, "plain",
		EDXML "<Subject>V/v báo cáo</Subject></MessageHeader></edXMLHeader>"
		      "</edXMLEnvelope></edXML>");
	assert_int_equal(
		intake_read_file(c, scratch_path(s, "plain"), &context, &item, &e), 0);
	assert_null(item.arrival.error_code);
	assert_string_equal(item.event->subject, "V/v báo cáo");
	intake_item_deinit(&item);
	codec_free(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_x1_the_search_finds_what_is_there),
		cmocka_unit_test_setup_teardown(
			test_x1_a_secret_documents_text_is_nowhere_in_memory,
			scratch_setup, scratch_teardown),
		cmocka_unit_test_setup_teardown(
			test_x1_the_codec_goes_on_after_a_secret_document,
			scratch_setup, scratch_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
