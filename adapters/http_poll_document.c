/* A document out of what the peer says: the item of the list, or the answer to its URL.
 */
#include "adapters/http_poll.h"

#include <ctype.h>
#include <string.h>

#include <openssl/evp.h>

#include "adapters/fill.h"
#include "adapters/http_url.h"
#include "adapters/url_path.h"

int poll_document_url(struct poll *s, struct buf *ret_url, const char **ret_why)
{
	const struct http_poll_options *o = s->options;

	if (!o->document_link) {
		const struct fill_value id = {
			"id", poll_item_text(s->list, s->at, o->list.id)};

		fill_template(o->document_url, &id, 1, FILL_URL, ret_url);
		*ret_why = "its id is `.` or `..`, which leads out of document.url";
		return url_climbs(buf_text(ret_url)) ? -1 : 0;
	}
	const char *link = poll_item_text(s->list, s->at, o->document_link);

	*ret_why = link ? "its URL is not on the same host" : "it has no URL";
	if (!link || !http_url_resolve(s->url, link, ret_url) ||
		!http_url_same_origin(s->url, buf_text(ret_url)))
		return -1;
	return 0;
}

/* Base64 as systems write it: any white space in it, with or without its last `=`. */
static bool decode(struct slice text, struct buf *out)
{
	unsigned char piece[3 * 16 + 8];
	EVP_ENCODE_CTX *context = EVP_ENCODE_CTX_new();
	size_t digits = 0;
	bool good = true;
	int n;

	buf_reset(out);
	EVP_DecodeInit(context);
	for (size_t i = 0; i < text.n && good; i += 48) {
		size_t some = text.n - i < 48 ? text.n - i : 48;

		for (size_t k = 0; k < some; k++)
			digits += !isspace((unsigned char)text.at[i + k]);
		good = EVP_DecodeUpdate(context, piece, &n,
			       (const unsigned char *)text.at + i, (int)some) >= 0;
		buf_add(out, (const char *)piece, good ? (size_t)n : 0);
	}
	for (; good && digits % 4 > 1; digits++) {
		good = EVP_DecodeUpdate(
			       context, piece, &n, (const unsigned char *)"=", 1) >= 0;
		buf_add(out, (const char *)piece, good ? (size_t)n : 0);
	}
	good = good && EVP_DecodeFinal(context, piece, &n) > 0;
	EVP_ENCODE_CTX_free(context);
	return good && !out->full;
}

/* The text at document_path, of the answer or of the item. -1: not now. */
static int find_text(struct poll *s, const struct http_response *r,
	struct poll_document *document, struct err *e)
{
	const char *path = s->options->document_path;
	struct slice text;

	if (r && !path) {
		document->bytes = r->body;
		return 0;
	}
	if (r && poll_answer_read(s->options->list.format, r->body, &s->answer, e) < 0)
		return err_wrap(e, "%s", r->where);
	text = r ? poll_list_part(s->answer, path)
		 : poll_item_part(s->list, s->at, path ? path : "");
	if (!text.at) {
		document->refused = "there is no text where the document should be";
		text = r ? r->body : poll_item_whole(s->list, s->at);
	}
	document->bytes = text;
	return 0;
}

int poll_document_take(struct poll *s, const struct http_response *r,
	struct poll_document *ret_document, struct err *e)
{
	struct poll_document document = {0};

	poll_list_free(s->answer);
	s->answer = NULL;
	if (r && r->truncated) {
		document.bytes = poll_item_whole(s->list, s->at);
		document.refused = "it is longer than max_bytes";
	} else if (find_text(s, r, &document, e) < 0) {
		return -1;
	}
	if (s->options->base64 && !document.refused) {
		if (decode(document.bytes, &s->decoded))
			document.bytes =
				(struct slice){buf_text(&s->decoded), s->decoded.n};
		else
			document.refused = "it is not base64";
	}
	*ret_document = document;
	return 0;
}
