/* X1: a document is secret by its metadata, or by the mark that leads a text of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "gateway/rules/secrecy.h"

static const struct {
	const char *text;
	enum event_secrecy secrecy;
} rows[] = {
	{"MẬT", SECRECY_CONFIDENTIAL},
	{"MẬT: V/v kiểm tra", SECRECY_CONFIDENTIAL},
	{"MẬT. Về việc kiểm tra", SECRECY_CONFIDENTIAL},
	{"MẬT - kế hoạch", SECRECY_CONFIDENTIAL},
	{"MẬT – kế hoạch", SECRECY_CONFIDENTIAL},
	{"MẬT — kế hoạch", SECRECY_CONFIDENTIAL},
	{"MẬT -", SECRECY_CONFIDENTIAL},
	{"(MẬT) kế hoạch", SECRECY_CONFIDENTIAL},
	{"[MẬT] kế hoạch", SECRECY_CONFIDENTIAL},
	{"\"MẬT\" kế hoạch", SECRECY_CONFIDENTIAL},
	{"“MẬT” kế hoạch", SECRECY_CONFIDENTIAL},
	{"‘TỐI MẬT’ kế hoạch", SECRECY_SECRET},
	{"«MẬT» kế hoạch", SECRECY_CONFIDENTIAL},
	{"(“MẬT”) kế hoạch", SECRECY_CONFIDENTIAL},
	{"MẬT_kehoach.pdf", SECRECY_CONFIDENTIAL},
	{"MẬT.pdf", SECRECY_CONFIDENTIAL},
	{"TỐI MẬT", SECRECY_SECRET},
	{"TỐI MẬT: kế hoạch", SECRECY_SECRET},
	{"TUYỆT MẬT", SECRECY_TOP_SECRET},
	{"TUYỆT MẬT/kế hoạch", SECRECY_TOP_SECRET},
	{"MẬT：kế hoạch", SECRECY_CONFIDENTIAL},
	{"MẬT…kế hoạch", SECRECY_CONFIDENTIAL},
	{"MẬT·kế hoạch", SECRECY_CONFIDENTIAL},
	{"MẬT．kế hoạch", SECRECY_CONFIDENTIAL},
	{"MẬT。kế hoạch", SECRECY_CONFIDENTIAL},
	{"TỐI MẬT ～ kế hoạch", SECRECY_SECRET},
	{"MẬT | kế hoạch", SECRECY_CONFIDENTIAL},
	{"MẬT = kế hoạch", SECRECY_CONFIDENTIAL},
	{"• MẬT: kế hoạch", SECRECY_CONFIDENTIAL},
	{"- MẬT: kế hoạch", SECRECY_CONFIDENTIAL},
	{"\xc2\xadM\xc2\xadẬT\xc2\xad: kế hoạch", SECRECY_CONFIDENTIAL},
	{"T\xc2\xadỐI MẬT", SECRECY_SECRET},
	{"M\xc2\xadẬT ĐỘ", SECRECY_NONE},
	{"【MẬT】kế hoạch", SECRECY_CONFIDENTIAL},
	{"MẬT ĐỘ DÂN SỐ", SECRECY_NONE},
	{"MẬT-MÃ", SECRECY_NONE},
	{"MẬT- MÃ", SECRECY_NONE},
	{"MẬT KHẨU", SECRECY_NONE},
	{"Mật độ dân số", SECRECY_NONE},
	{"Mật khẩu: đổi định kỳ", SECRECY_NONE},
	{"mật: thư", SECRECY_NONE},
	{"Tối mật: thư", SECRECY_NONE},
	{"MẬTX", SECRECY_NONE},
	{"MAT: ke hoach", SECRECY_NONE},
	{"V/v bảo vệ bí mật nhà nước, độ MẬT", SECRECY_NONE},
	{"Kế hoạch (MẬT)", SECRECY_NONE},
	{"", SECRECY_NONE},
	{NULL, SECRECY_NONE},
};

static void test_x1_the_mark_leading_a_subject_makes_it_secret(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct event *ev = event_new();

		ev->subject = rows[i].text;
		if (secrecy_of(ev) != rows[i].secrecy)
			fail_msg("%s: %s", rows[i].text,
				event_secrecy_words[secrecy_of(ev)]);
		event_free(ev);
	}
}

static void test_x1_the_mark_leading_an_attachments_name_makes_it_secret(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct event *ev = event_new();

		ev->subject = "V/v thường";
		LIST_ADD(&ev->arena, &ev->attachments)->name = "cv.pdf";
		LIST_ADD(&ev->arena, &ev->attachments)->name = rows[i].text;
		assert_int_equal(secrecy_of(ev), rows[i].secrecy);
		event_free(ev);
	}
}

static void test_x1_a_file_is_judged_by_the_last_part_of_its_path_too(void **state)
{
	static const char *const secret[] = {"C:\\a\\MẬT.pdf", "a/MẬT.pdf", "MẬT/a.pdf",
		"../a/MẬT - kế hoạch.pdf", "a\\b/MẬT.pdf"};
	static const char *const plain[] = {"a/MẬT ĐỘ.pdf", "a/Mật khẩu.pdf", "a/b/"};

	(void)state;
	for (size_t i = 0; i < sizeof(secret) / sizeof(secret[0]); i++) {
		struct event *ev = event_new();

		LIST_ADD(&ev->arena, &ev->attachments)->name = secret[i];
		assert_int_equal(secrecy_of(ev), SECRECY_CONFIDENTIAL);
		event_free(ev);
	}
	for (size_t i = 0; i < sizeof(plain) / sizeof(plain[0]); i++) {
		struct event *ev = event_new();

		LIST_ADD(&ev->arena, &ev->attachments)->name = plain[i];
		assert_int_equal(secrecy_of(ev), SECRECY_NONE);
		event_free(ev);
	}
}

static void test_x1_both_names_of_an_attachment_count(void **state)
{
	struct event *ev = event_new();
	struct event_attachment *file = LIST_ADD(&ev->arena, &ev->attachments);

	(void)state;
	file->name = "phu-luc.pdf";
	file->other_name = "TỐI MẬT.pdf";
	assert_int_equal(secrecy_of(ev), SECRECY_SECRET);
	event_free(ev);
}

static void test_x1_the_highest_class_found_holds(void **state)
{
	static const struct {
		enum event_secrecy metadata;
		const char *subject, *attachment;
		enum event_secrecy found;
	} mixes[] = {
		{SECRECY_SECRET, "V/v", "cv.pdf", SECRECY_SECRET},
		{SECRECY_TOP_SECRET, "MẬT: V/v", "cv.pdf", SECRECY_TOP_SECRET},
		{SECRECY_CONFIDENTIAL, "TỐI MẬT: V/v", "cv.pdf", SECRECY_SECRET},
		{SECRECY_NONE, "MẬT: V/v", "TUYỆT MẬT.pdf", SECRECY_TOP_SECRET},
		{SECRECY_NONE, "TỐI MẬT: V/v", "MẬT.pdf", SECRECY_SECRET},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(mixes) / sizeof(mixes[0]); i++) {
		struct event *ev = event_new();

		ev->secrecy = mixes[i].metadata;
		ev->subject = mixes[i].subject;
		LIST_ADD(&ev->arena, &ev->attachments)->name = mixes[i].attachment;
		assert_int_equal(secrecy_of(ev), mixes[i].found);
		event_free(ev);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_x1_the_mark_leading_a_subject_makes_it_secret),
		cmocka_unit_test(
			test_x1_the_mark_leading_an_attachments_name_makes_it_secret),
		cmocka_unit_test(
			test_x1_a_file_is_judged_by_the_last_part_of_its_path_too),
		cmocka_unit_test(test_x1_both_names_of_an_attachment_count),
		cmocka_unit_test(test_x1_the_highest_class_found_holds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
