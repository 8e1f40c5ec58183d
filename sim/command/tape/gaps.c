/* gaps.c: see gaps.h. */
#include "sim/command/tape/gaps.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "sim/base/named_file.h"
#include "sim/command/print.h"
#include "splitter/base/sentence.h"

int gaps_begin(struct gaps *g, const char *path, char *err, size_t err_bytes)
{
	char why[256] = "out of memory";

	g->path = path;
	if (path == NULL)
		return 0;
	g->file = named_file_open(path, why, sizeof why);
	g->list = g->file != NULL ? json_array() : NULL;
	if (g->list != NULL)
		return 0;
	sentence(err, err_bytes, "cannot write %s: %s (--missing)", path, why);
	return -1;
}

static void add_to_list(struct gaps *g, const struct splitter_gap *gap)
{
	json_t *entry;

	if (g->list == NULL)
		return;
	entry = json_pack("{s:s, s:I, s:I, s:I, s:o, s:o}", "kind",
	    splitter_gap_kind_name(gap->kind), "part", (json_int_t)gap->part,
	    "offset", (json_int_t)gap->offset_bytes, "bytes",
	    gap->bytes == UINT64_MAX ? (json_int_t)-1 : (json_int_t)gap->bytes,
	    "volume", print_text(gap->volume), "why", print_text(gap->why));
	if (entry == NULL || json_array_append_new(g->list, entry) != 0)
		fprintf(stderr,
		    "tapelab: out of memory for the list of missing ranges\n");
}

void gaps_add(struct gaps *g, const struct splitter_gap *gap)
{
	const char *volume = gap->volume[0] != '\0' ? ", volume " : "";

	reported_new(&g->reasons, gap->why);
	add_to_list(g, gap);
	if (gap->bytes == UINT64_MAX)
		fprintf(stderr,
		    "tapelab: %s: from byte %" PRIu64
		    " to an unknown end (part %" PRIu64 "%s%s): %s\n",
		    splitter_gap_kind_name(gap->kind), gap->offset_bytes,
		    gap->part, volume, gap->volume, gap->why);
	else
		fprintf(stderr,
		    "tapelab: %s: bytes %" PRIu64 " to %" PRIu64
		    " (part %" PRIu64 "%s%s): %s\n",
		    splitter_gap_kind_name(gap->kind), gap->offset_bytes,
		    gap->offset_bytes + gap->bytes, gap->part, volume,
		    gap->volume, gap->why);
}

int gaps_end(struct gaps *g)
{
	int rc = 0;

	if (g->file == NULL)
		return 0;
	named_file_empty(g->file);
	if (json_dumpf(g->list, g->file,
		JSON_INDENT(2) | JSON_PRESERVE_ORDER) != 0)
		rc = -1;
	if (fclose(g->file) != 0)
		rc = -1;
	g->file = NULL;
	if (rc != 0)
		fprintf(stderr, "tapelab: cannot write %s: %s\n", g->path,
		    strerror(errno));
	return rc;
}

void gaps_clear(struct gaps *g)
{
	if (g->file != NULL)
		fclose(g->file);
	json_decref(g->list);
	reported_clear(&g->reasons);
	memset(g, 0, sizeof *g);
}
