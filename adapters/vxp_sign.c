#include "adapters/vxp_sign.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <string.h>

#include "gateway/base/json.h"

#define PREFIX  "XroadVnpt-"
#define VERSION "3.0.201608"

static const char *hex(struct arena *arena, const unsigned char *bytes, size_t n)
{
	static const char digits[] = "0123456789abcdef";
	char *text = arena_alloc(arena, 2 * n + 1);

	for (size_t i = 0; i < n; i++) {
		text[2 * i] = digits[bytes[i] >> 4];
		text[2 * i + 1] = digits[bytes[i] & 15];
	}
	return text;
}

/* `ddMMyyyy'T'HHmmss+SSSS` in Viet Nam, the last part the milliseconds. */
static const char *timestamp(struct arena *arena, msec_t at)
{
	day_t day = day_of(at);
	msec_t in_day = at - day_start(day);
	int year, month, mday, second = (int)(in_day / 1000);

	day_split(day, &year, &month, &mday);
	return arena_printf(arena, "%02d%02d%04dT%02d%02d%02d+%04d", mday, month, year,
		second / 3600, second / 60 % 60, second % 60, (int)(in_day % 1000));
}

/* The headers so far as one object, in their order. */
static void write_signed(struct buf *names, struct buf *object,
	const struct http_header *headers, size_t n)
{
	struct json j = {.out = object};

	json_open(&j, '{');
	for (size_t i = 0; i < n; i++) {
		buf_printf(names, "%s%s", i ? ";" : "", headers[i].name);
		json_put_text(&j, headers[i].name, headers[i].value);
	}
	json_close(&j, '}');
}

static const char *sign(struct arena *arena, const char *secret, const char *text)
{
	unsigned char mac[EVP_MAX_MD_SIZE];
	unsigned n = 0;

	HMAC(EVP_sha256(), secret, (int)strlen(secret), (const unsigned char *)text,
		strlen(text), mac, &n);
	return hex(arena, mac, n);
}

size_t vxp_sign(struct arena *arena, const struct vxp_signing *signing,
	const struct vxp_param *params, size_t n,
	struct http_header headers[VXP_HEADERS_MOST])
{
	cleanup_buf struct buf names = {0}, object = {0};
	size_t count = 0;

	headers[count++] =
		(struct http_header){PREFIX "timestamp", timestamp(arena, signing->at)};
	headers[count++] = (struct http_header){PREFIX "systemid", signing->system_id};
	headers[count++] = (struct http_header){PREFIX "version", VERSION};
	for (size_t i = 0; i < n && i < VXP_PARAMS_MOST; i++)
		headers[count++] = (struct http_header){
			arena_printf(arena, PREFIX "%s", params[i].name),
			params[i].value};
	write_signed(&names, &object, headers, count);
	const char *text = arena_dup(arena, buf_text(&object));

	headers[count++] = (struct http_header){
		PREFIX "sign-header-key", arena_dup(arena, buf_text(&names))};
	headers[count++] = (struct http_header){PREFIX "sign-header", text};
	headers[count++] = (struct http_header){
		PREFIX "hash-header", sign(arena, signing->secret, text)};
	return count;
}

bool vxp_is_plain(const char *text)
{
	size_t n = 0;

	while (text && text[n] > ' ' && text[n] <= '~')
		n++;
	return n > 0 && !text[n];
}

const char *vxp_hash_file(struct arena *arena, const char *bytes, size_t n)
{
	unsigned char hash[EVP_MAX_MD_SIZE];
	unsigned hash_n = 0;

	EVP_Digest(bytes, n, hash, &hash_n, EVP_sha256(), NULL);
	return hex(arena, hash, hash_n);
}

const char *vxp_list(struct arena *arena, const char *const *texts, size_t n)
{
	cleanup_buf struct buf text = {0};
	struct json j = {.out = &text};

	json_open(&j, '[');
	for (size_t i = 0; i < n; i++)
		json_text(&j, texts[i]);
	json_close(&j, ']');
	return arena_dup(arena, buf_text(&text));
}
