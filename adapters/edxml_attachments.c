#include "adapters/edxml_attachments.h"

#include <openssl/evp.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "adapters/base64_size.h"
#include "gateway/base/mem.h"

enum { DECODE_BYTES = 4096 };

struct joined {
	const char *content_id; /* without cid:, NULL when none was given */
	const char *type;       /* the Reference's */
	struct event_attachment file;
	bool attached;
};

struct edxml_files {
	EVP_MD_CTX *digest; /* NULL unless hashes are asked for */
	LIST_OF(struct joined) list;

	/* The Attachment passing by. */
	struct base64_size base64;
	bool seen;
	int64_t bytes;
	const char *sha256;
	uint32_t bits;
	int bits_n;
};

struct edxml_files *edxml_files_new(bool hash)
{
	struct edxml_files *f = mem_alloc(sizeof(*f));

	base64_size_init(&f->base64);
	if (hash)
		f->digest = EVP_MD_CTX_new();
	edxml_files_reset(f);
	return f;
}

void edxml_files_free(struct edxml_files *f)
{
	if (!f)
		return;
	EVP_MD_CTX_free(f->digest);
	free(f);
}

void edxml_files_reset(struct edxml_files *f)
{
	/* The list lives in the arena of the event it was read for. */
	memset(&f->list, 0, sizeof(f->list));
	f->seen = false;
}

static const char *without_cid(const char *content_id)
{
	return content_id && strncasecmp(content_id, "cid:", 4) == 0 ? content_id + 4
								     : content_id;
}

void edxml_files_refer(struct edxml_files *f, struct event *ev, const char *content_id,
	const struct event_attachment *file)
{
	struct joined *j = LIST_ADD(&ev->arena, &f->list);

	j->content_id = without_cid(content_id);
	j->type = file->declared_type;
	j->file = *file;
	j->file.bytes = -1;
}

void edxml_files_begin(struct edxml_files *f)
{
	base64_size_begin(&f->base64);
	f->bits = 0;
	f->bits_n = 0;
	if (f->digest)
		EVP_DigestInit_ex(f->digest, EVP_sha256(), NULL);
}

static void hash(struct edxml_files *f, const unsigned char *p, size_t n)
{
	unsigned char out[DECODE_BYTES];
	size_t out_n = 0;

	for (size_t i = 0; i < n; i++) {
		uint8_t class = f->base64.class[p[i]];

		if (class >= BASE64_SIX)
			continue;
		f->bits = f->bits << 6 | class;
		f->bits_n += 6;
		if (f->bits_n < 8)
			continue;
		f->bits_n -= 8;
		out[out_n++] = (unsigned char)(f->bits >> f->bits_n);
		if (out_n == sizeof(out)) {
			EVP_DigestUpdate(f->digest, out, out_n);
			out_n = 0;
		}
	}
	EVP_DigestUpdate(f->digest, out, out_n);
}

void edxml_files_add(struct edxml_files *f, const char *bytes, size_t n)
{
	base64_size_add(&f->base64, bytes, n);
	if (f->digest && !f->base64.bad)
		hash(f, (const unsigned char *)bytes, n);
}

static const char *finish_hash(struct edxml_files *f, struct event *ev)
{
	unsigned char sum[EVP_MAX_MD_SIZE];
	char hex[2 * EVP_MAX_MD_SIZE + 1];
	unsigned n = 0;

	if (!f->digest || !EVP_DigestFinal_ex(f->digest, sum, &n) || f->base64.bad)
		return NULL;
	for (unsigned i = 0; i < n; i++) {
		hex[2 * i] = "0123456789abcdef"[sum[i] >> 4];
		hex[2 * i + 1] = "0123456789abcdef"[sum[i] & 15];
	}
	return arena_dup_n(&ev->arena, hex, 2 * n);
}

bool edxml_files_end(struct edxml_files *f, struct event *ev)
{
	f->bytes = base64_size_end(&f->base64);
	f->sha256 = finish_hash(f, ev);
	f->seen = true;
	return !f->base64.bad;
}

/* The Reference this Attachment belongs to: by id, or by name where one has none. */
static struct joined *find(
	struct edxml_files *f, const char *content_id, const char *name)
{
	for (size_t i = 0; i < f->list.n; i++) {
		struct joined *j = &f->list.at[i];
		const char *mine = content_id ? content_id : name;
		const char *its = content_id ? j->content_id : j->file.name;

		if (!j->attached && mine && its && strcmp(mine, its) == 0)
			return j;
	}
	return NULL;
}

bool edxml_files_attach(struct edxml_files *f, struct event *ev, const char *content_id,
	const struct event_attachment *file)
{
	struct joined *j = find(f, without_cid(content_id), file->name);

	if (!j) {
		j = LIST_ADD(&ev->arena, &f->list);
		j->content_id = without_cid(content_id);
	}
	j->attached = true;
	j->file.bytes = f->seen ? f->bytes : -1;
	j->file.sha256 = f->seen ? f->sha256 : NULL;
	f->seen = false;
	if (!j->file.name)
		j->file.name = file->name;
	else if (file->name && strcmp(j->file.name, file->name) != 0)
		j->file.other_name = file->name;
	if (file->declared_type)
		j->file.declared_type = file->declared_type;
	return !j->type || !file->declared_type ||
	       strcasecmp(j->type, file->declared_type) == 0;
}

void edxml_files_finish(struct edxml_files *f, struct event *ev)
{
	for (size_t i = 0; i < f->list.n; i++)
		*LIST_ADD(&ev->arena, &ev->attachments) = f->list.at[i].file;
	edxml_files_reset(f);
}
