/* svg_tag.c: see svg_tag.h. */
#include "reports/plot/svg_tag.h"

#include <string.h>

bool svg_tag_next(struct svg_tag *tag)
{
	tag->begin = strchr(tag->after, '<');
	if (tag->begin == NULL)
		return false;
	tag->end = strchr(tag->begin, '>');
	tag->after = tag->end != NULL ? tag->end + 1 : tag->begin;
	return tag->end != NULL;
}

bool svg_tag_is(const struct svg_tag *tag, const char *name)
{
	size_t bytes = strlen(name);

	return strncmp(tag->begin + 1, name, bytes) == 0 &&
	    strchr(" \n\t/>", tag->begin[1 + bytes]) != NULL;
}

const char *svg_tag_find(const struct svg_tag *tag, const char *name,
    size_t *length)
{
	size_t bytes = strlen(name);

	for (const char *at = tag->begin + 1; at + bytes < tag->end; at++) {
		const char *value, *end;

		if (strncmp(at, name, bytes) != 0 ||
		    strchr(" \t\n", at[-1]) == NULL ||
		    strchr(" =", at[bytes]) == NULL)
			continue;
		value = at + bytes + strspn(at + bytes, " =");
		if (*value != '"' && *value != '\'')
			continue;
		end = memchr(value + 1, *value, (size_t)(tag->end - value - 1));
		if (end == NULL)
			return NULL;
		*length = (size_t)(end - value - 1);
		return value + 1;
	}
	return NULL;
}
