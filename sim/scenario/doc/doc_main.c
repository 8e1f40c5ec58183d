/*
 * doc_main.c: prints the documentation of a scenario's keys from their tables.
 *
 * Usage: doc_main schema | doc_main results-schema | doc_main page FILE
 *
 * Prints the JSON Schema of scenarios or of results.json, or a manual page with
 * its regions replaced.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "reports/json/json.h"
#include "sim/scenario/doc/doc.h"

static int page(const char *path)
{
	FILE *from = fopen(path, "r");
	int rc;

	if (from == NULL) {
		fprintf(stderr, "cannot open %s: %s\n", path, strerror(errno));
		return 1;
	}
	rc = doc_page(from, stdout);
	fclose(from);
	return rc == 0 ? 0 : 1;
}

int main(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "schema") == 0)
		return doc_schema(stdout) == 0 ? 0 : 1;
	if (argc == 2 && strcmp(argv[1], "results-schema") == 0)
		return report_json_schema(stdout) == 0 ? 0 : 1;
	if (argc == 3 && strcmp(argv[1], "page") == 0)
		return page(argv[2]);
	fputs("usage: doc_main schema | doc_main results-schema | "
	      "doc_main page FILE\n",
	    stderr);
	return 2;
}
