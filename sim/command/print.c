/* print.c: what a verb prints on standard output. */
#include "sim/command/print.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reports/text.h"

json_t *print_text(const char *text)
{
	char *clean = report_text_utf8(text);
	json_t *json = clean == NULL ? NULL : json_string(clean);

	free(clean);
	return json;
}

int print_json(json_t *json)
{
	char *text = json == NULL
	    ? NULL
	    : json_dumps(json, JSON_INDENT(2) | JSON_PRESERVE_ORDER);

	json_decref(json);
	if (text == NULL)
		return -1;
	puts(text);
	free(text);
	return 0;
}

void print_line(const char *before, const char *text)
{
	fputs(before, stdout);
	for (; *text != '\0'; text++)
		putchar((unsigned char)*text < ' ' || *text == 0x7f ? '?'
								    : *text);
	putchar('\n');
}

bool print_end(void)
{
	static bool ended, written;
	bool failed;

	if (ended)
		return written;
	ended = true;
	/* What failed when it was flushed is not tried again. */
	failed = ferror(stdout) != 0;
	errno = 0;
	written = fclose(stdout) == 0 && !failed;
	if (!written)
		fprintf(stderr,
		    "tapelab: cannot write to standard output: "
		    "%s\n",
		    errno != 0 ? strerror(errno)
			       : "some of what was "
				 "printed is not there");
	return written;
}
