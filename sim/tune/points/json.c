/* json.c: see json.h. */
#include "sim/tune/points/json.h"

#include <stdio.h>
#include <stdlib.h>

char *tune_json_text(const json_t *json, size_t flags)
{
	char *text = NULL;
	size_t bytes = 0;
	FILE *out = open_memstream(&text, &bytes);
	int rc;

	if (out == NULL)
		return NULL;
	rc = json_dumpf(json, out, flags);
	if (fclose(out) == 0 && rc == 0)
		return text;
	free(text);
	return NULL;
}
