/* text.c: see text.h. */
#include "splitter/scsi/text.h"

static int is_blank(unsigned char c)
{
	return c == ' ' || c == '\0';
}

void scsi_text(char *text, size_t text_bytes, const void *field,
    size_t field_bytes)
{
	const unsigned char *from = field;
	size_t n = 0;

	while (field_bytes > 0 && is_blank(from[field_bytes - 1]))
		field_bytes--;
	while (field_bytes > 0 && is_blank(*from)) {
		from++;
		field_bytes--;
	}
	for (; n < field_bytes && n + 1 < text_bytes; n++)
		text[n] =
		    from[n] >= ' ' && from[n] <= '~' ? (char)from[n] : '?';
	text[n] = '\0';
}
