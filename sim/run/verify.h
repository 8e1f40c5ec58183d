/*
 * verify.h: reads a dump back from its volumes and compares it.
 *
 * It goes by the attempts that were reported as committed, finds each file on
 * its volume, and takes nothing for granted: label, header, order, sizes and
 * every byte (or, without payload, every block's provenance) are compared.
 */
#ifndef SIM_VERIFY_H
#define SIM_VERIFY_H

#include "reports/results.h"
#include "sim/source/content.h"
#include "vtl/library/library.h"

struct verify_config {
	struct library *library; /* the volumes, none of them loaded */
	const struct results_scenario *attempts;
	const struct content *content;
	const char *dump;
	uint64_t dump_id, block_bytes;
};

enum verify_result {
	VERIFY_SAME, /* all of it is there, and equals the source */
	VERIFY_DIFFERENT,
	VERIFY_UNKNOWN /* it was not read to its end */
};

/*
 * Whether all that is called safe, [0, safe_bytes), is on the volumes and
 * equals the source.  If not, `why` says where it first differs, or why that
 * is not known: an interrupt came, or there is no memory.
 */
enum verify_result verify_dump(const struct verify_config *restore, char *why,
    size_t why_bytes);

#endif
