/*
 * verify.h: reads a dump back from its volumes and compares it.
 *
 * The verifier locates the file of each committed attempt on its volume, and
 * compares label, header, order, sizes and every byte.  Without payload it
 * compares the dump and the offset that each block was written with.
 */
#ifndef SIM_VERIFY_H
#define SIM_VERIFY_H

#include "reports/results.h"
#include "sim/source/content.h"
#include "vtl/library/library.h"

struct verify_config {
	struct library *library; /* library in which no volume is loaded */
	const struct results_attempt *attempts;
	size_t attempts_count;
	uint64_t safe_bytes;
	const struct content *content; /* NULL: the blocks have no bytes */
	const char *dump;
	uint64_t dump_id, block_bytes;
	/* The volumes may have labels of other dumps, which came first. */
	bool shared_volumes;
};

enum verify_result {
	VERIFY_SAME, /* all safe bytes equal the source */
	VERIFY_DIFFERENT,
	VERIFY_UNKNOWN /* not compared to the end */
};

/*
 * Compares all safe bytes, [0, safe_bytes), with the source.  `why` says where
 * the first difference is, or why the result is unknown: a signal, or no
 * memory.
 */
enum verify_result verify_dump(const struct verify_config *restore, char *why,
    size_t why_bytes);

#endif
