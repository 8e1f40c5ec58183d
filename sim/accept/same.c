/* same.c: see same.h. */
#include "sim/accept/same.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "splitter/base/sentence.h"

void same_change_text(const struct tape_identity *now,
    char text[SAME_CHANGE_BYTES])
{
	text[0] = '\0';
	if (now->change_reference != TAPE_IDENTITY_UNKNOWN)
		snprintf(text, SAME_CHANGE_BYTES, "%08" PRIx64,
		    now->change_reference);
}

static bool differ(const char *before, const char *now)
{
	return before[0] != '\0' && now[0] != '\0' && strcmp(before, now) != 0;
}

enum same same_cartridge(const struct same_cartridge *before,
    const struct tape_identity *now, char *why, size_t why_bytes)
{
	char change[SAME_CHANGE_BYTES];

	same_change_text(now, change);
	if (differ(before->serial, now->serial)) {
		sentence(why, why_bytes,
		    "cartridge %s has the serial number %s, and had %s when "
		    "the run began: it was exchanged",
		    before->name, now->serial, before->serial);
		return SAME_EXCHANGED;
	}
	if (differ(before->change, change)) {
		sentence(why, why_bytes,
		    "cartridge %s was written by another program since the "
		    "last test (volume change reference %s, was %s)",
		    before->name, change, before->change);
		return SAME_WRITTEN;
	}
	if (before->serial[0] != '\0' && now->serial[0] == '\0') {
		sentence(why, why_bytes,
		    "cartridge %s had the serial number %s when the run began, "
		    "and now none can be read: it may be another one",
		    before->name, before->serial);
		return SAME_UNKNOWN;
	}
	return SAME_UNCHANGED;
}
