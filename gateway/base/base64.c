#include "gateway/base/base64.h"

#include <openssl/evp.h>

void base64_add(struct buf *out, const void *bytes, size_t n)
{
	enum {
		STEP = 48
	}; /* whole groups of three, so that no padding falls between */
	const unsigned char *at = bytes;
	unsigned char text[STEP / 3 * 4 + 1];

	for (size_t step; n; at += step, n -= step) {
		step = n < STEP ? n : STEP;
		int length = EVP_EncodeBlock(text, at, (int)step);

		buf_add(out, (const char *)text, (size_t)length);
	}
}
