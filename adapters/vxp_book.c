#include "adapters/vxp_book.h"

#include <stdlib.h>
#include <string.h>

#include "gateway/base/mem.h"

void vxp_book_deinit(struct vxp_book *book)
{
	for (size_t i = 0; i < book->n; i++)
		free(book->at[i].doc_id);
	free(book->at);
	*book = (struct vxp_book){0};
}

struct vxp_paper *vxp_book_find(struct vxp_book *book, const char *doc_id)
{
	for (size_t i = 0; i < book->n; i++)
		if (strcmp(book->at[i].doc_id, doc_id) == 0)
			return &book->at[i];
	return NULL;
}

struct vxp_paper *vxp_book_find_handle(struct vxp_book *book, uint64_t handle)
{
	for (size_t i = 0; i < book->n; i++)
		if (book->at[i].handle == handle)
			return &book->at[i];
	return NULL;
}

struct vxp_paper *vxp_book_add(struct vxp_book *book, const char *doc_id, int kind)
{
	if (book->n == book->cap) {
		book->cap = book->cap ? 2 * book->cap : 64;
		book->at = mem_resize(book->at, book->cap * sizeof(*book->at));
	}
	book->at[book->n] = (struct vxp_paper){.doc_id = mem_dup(doc_id),
		.kind = kind,
		.handle = ++book->last_handle,
		.listed = true};
	return &book->at[book->n++];
}

struct vxp_paper *vxp_book_first(struct vxp_book *book, enum vxp_stand stand)
{
	for (size_t i = 0; i < book->n; i++)
		if (book->at[i].stand == stand)
			return &book->at[i];
	return NULL;
}

size_t vxp_book_count(const struct vxp_book *book, enum vxp_stand stand)
{
	size_t count = 0;

	for (size_t i = 0; i < book->n; i++)
		count += book->at[i].stand == stand;
	return count;
}

void vxp_book_unlist(struct vxp_book *book, int kind)
{
	for (size_t i = 0; i < book->n; i++)
		if (book->at[i].kind == kind)
			book->at[i].listed = false;
}

void vxp_book_forget(struct vxp_book *book, int kind)
{
	size_t kept = 0;

	for (size_t i = 0; i < book->n; i++) {
		struct vxp_paper *paper = &book->at[i];

		if (paper->kind == kind && !paper->listed &&
			paper->stand != VXP_WAITS && paper->stand != VXP_GIVEN)
			free(paper->doc_id);
		else
			book->at[kept++] = *paper;
	}
	book->n = kept;
}
