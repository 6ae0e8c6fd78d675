#include "adapters/vxp_reply.h"

#include <jansson.h>
#include <openssl/evp.h>
#include <string.h>
#include <strings.h>

#include "adapters/vxp_sign.h"

enum { WORDS = 160, DOC_ID_MOST = 128 };

/* A member as text: "0" and 0 are the same. NULL: absent, or neither. */
static const char *text_of(struct arena *arena, const json_t *root, const char *name)
{
	const json_t *value = json_object_get(root, name);

	if (json_is_integer(value))
		return arena_printf(
			arena, "%lld", (long long)json_integer_value(value));
	return json_string_value(value);
}

static enum vxp_reply unreadable(json_t *root, struct err *e, const char *why)
{
	json_decref(root);
	err_set(e, ERR_UNAVAILABLE, "the reply cannot be read: %s", why);
	return VXP_REPLY_UNREADABLE;
}

/* Is it good by its own word? *@ret_root is the caller's then, else NULL. */
static enum vxp_reply open_reply(struct slice body, json_t **ret_root, struct err *e)
{
	cleanup_arena struct arena arena = {0};
	json_error_t wrong;
	json_t *root = json_loadb(body.at ? body.at : "", body.n, 0, &wrong);

	*ret_root = NULL;
	if (!root)
		return unreadable(NULL, e, body.n ? "it is no JSON" : "it is empty");
	if (!json_is_object(root))
		return unreadable(root, e, "it is no JSON object");
	const char *status = text_of(&arena, root, "status");
	const char *code = text_of(&arena, root, "ErrorCode");
	const char *words = text_of(&arena, root, "ErrorDesc");

	if (!status)
		return unreadable(root, e, "it does not say OK or FAIL");
	if (strcasecmp(status, "OK") == 0 && (!code || strcmp(code, "0") == 0)) {
		*ret_root = root;
		return VXP_REPLY_OK;
	}
	err_set(e, ERR_UNAVAILABLE, "the axis says %.16s, ErrorCode %.32s: %.*s",
		status, code ? code : "none", WORDS, words ? words : "");
	json_decref(root);
	return VXP_REPLY_FAIL;
}

enum vxp_reply vxp_reply_read(struct slice body, struct err *e)
{
	json_t *root;
	enum vxp_reply reply = open_reply(body, &root, e);

	json_decref(root);
	return reply;
}

/* An id goes into headers: what cannot stand there cannot be asked for. */
static const char *doc_id_of(struct arena *arena, const json_t *entry)
{
	const char *id = json_string_value(json_object_get(entry, "docId"));

	return vxp_is_plain(id) && strlen(id) <= DOC_ID_MOST ? arena_dup(arena, id)
							     : NULL;
}

enum vxp_reply vxp_reply_list(
	struct arena *arena, struct slice body, vxp_entries *ret_list, struct err *e)
{
	json_t *root, *entry;
	enum vxp_reply reply = open_reply(body, &root, e);
	size_t i;

	if (reply != VXP_REPLY_OK)
		return reply;
	const json_t *data = json_object_get(root, "data");

	if (!json_is_array(data))
		return unreadable(root, e, "it says OK, and its `data` is no list");
	json_array_foreach(data, i, entry)
	{
		if (!json_is_object(entry))
			return unreadable(
				root, e, "an entry of its list is no JSON object");
		LIST_ADD(arena, ret_list)->doc_id = doc_id_of(arena, entry);
	}
	json_decref(root);
	return VXP_REPLY_OK;
}

/* All of @text, or nothing. */
static bool decode(const char *text, size_t n, struct buf *out)
{
	EVP_ENCODE_CTX *context = EVP_ENCODE_CTX_new();
	size_t before = out->n;
	int part = 0, rest = 0;
	bool good = n > 0 && n < INT32_MAX && buf_reserve(out, n / 4 * 3 + 64);

	EVP_DecodeInit(context);
	if (good) {
		unsigned char *to = (unsigned char *)out->data + out->n;

		good = EVP_DecodeUpdate(context, to, &part, (const unsigned char *)text,
			       (int)n) >= 0 &&
		       EVP_DecodeFinal(context, to + part, &rest) == 1 &&
		       part + rest > 0;
		out->n = good ? before + (size_t)part + (size_t)rest : before;
		out->data[out->n] = '\0';
	}
	EVP_ENCODE_CTX_free(context);
	return good;
}

enum vxp_reply vxp_reply_file(
	struct slice body, struct buf *ret_bytes, bool *ret_whole, struct err *e)
{
	json_t *root;
	enum vxp_reply reply = open_reply(body, &root, e);

	if (reply != VXP_REPLY_OK)
		return reply;
	const json_t *data = json_object_get(root, "data");

	*ret_whole =
		json_is_string(data) &&
		decode(json_string_value(data), json_string_length(data), ret_bytes);
	json_decref(root);
	return VXP_REPLY_OK;
}
