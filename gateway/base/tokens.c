#include "gateway/base/tokens.h"

#include <string.h>

/* Every byte of @presented is looked at, whatever was found before; only how long it is
 * shows in the time. */
static bool is_same(const char *token, const char *presented, size_t n)
{
	size_t token_n = strlen(token);
	volatile unsigned char differs = token_n != n;

	for (size_t i = 0; i < n; i++)
		differs |= (unsigned char)(token[token_n ? i % token_n : 0] ^
					   presented[i]);
	return !differs;
}

bool tokens_have(const struct tokens *tokens, const char *presented)
{
	size_t n = presented ? strlen(presented) : 0;
	unsigned found = 0;

	for (size_t i = 0; n && i < tokens->n; i++)
		found |= is_same(tokens->at[i], presented, n);
	return found;
}
