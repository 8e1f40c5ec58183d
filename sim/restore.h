/*
 * restore.h: reads a dump back from its volumes and compares it.
 *
 * It goes by the attempts that were reported as committed, finds each file on
 * its volume, and takes nothing for granted: label, header, order, sizes and
 * every byte (or, without payload, every block's provenance) are compared.
 */
#ifndef SIM_RESTORE_H
#define SIM_RESTORE_H

#include <stdbool.h>

#include "reports/results.h"
#include "sim/content.h"
#include "vtl/library.h"

struct restore {
	struct library *library;	/* the volumes, none of them loaded */
	const struct results_scenario *attempts;
	const struct content *content;
	const char *dump;
	uint64_t dump_id, block_bytes;
	/*
	 * An interrupt has ended the dump: what is safe is read back all the
	 * same.  Else one that comes ends the reading.
	 */
	bool interrupted;
};

/*
 * Whether all that is called safe, [0, safe_bytes), is on the volumes and
 * equals the source.  If not, `why` says where it first differs.
 */
bool restore_same(const struct restore *restore, char *why, size_t why_bytes);

#endif
