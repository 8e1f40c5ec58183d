/* bounded.c: writes blocks as long as they fit. */
#include "reports/bounded.h"

#include <stdlib.h>

void bounded_init(struct bounded *b, FILE *out, size_t bytes_max)
{
	*b = (struct bounded){ .out = out, .left = bytes_max };
}

FILE *bounded_begin(struct bounded *b)
{
	b->block = open_memstream(&b->bytes, &b->bytes_count);
	b->failed |= b->block == NULL;
	return b->block;
}

bool bounded_end(struct bounded *b, size_t reserve)
{
	bool fits;

	if (fclose(b->block) != 0) {
		b->failed = true;
		free(b->bytes);
		return false;
	}
	fits = b->omitted == 0 && b->bytes_count + reserve <= b->left;
	if (fits) {
		fwrite(b->bytes, 1, b->bytes_count, b->out);
		b->left -= b->bytes_count;
	} else {
		b->omitted++;
	}
	free(b->bytes);
	return fits;
}

int bounded_text(struct bounded *b, const char *text)
{
	if (bounded_begin(b) == NULL)
		return -1;
	fputs(text, b->block);
	bounded_end(b, 0);
	return b->failed ? -1 : 0;
}

size_t bounded_omitted(struct bounded *b)
{
	size_t omitted = b->omitted;

	b->omitted = 0;
	return omitted;
}
