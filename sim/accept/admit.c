/* admit.c: see admit.h. */
#include "sim/accept/admit.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/base/sentence.h"
#include "splitter/read/look.h"
#include "splitter/tape/barcode.h"

void admit_change_text(const struct tape_identity *now,
    char text[ADMIT_CHANGE_BYTES])
{
	text[0] = '\0';
	if (now->change_reference != TAPE_IDENTITY_UNKNOWN)
		snprintf(text, ADMIT_CHANGE_BYTES, "%08" PRIx64,
		    now->change_reference);
}

static bool differ(const char *before, const char *now)
{
	return before[0] != '\0' && now[0] != '\0' && strcmp(before, now) != 0;
}

bool admit_memory_agrees(const char *name, struct tape *tape, char *why,
    size_t why_bytes)
{
	struct tape_identity now;

	tape_identify(tape, &now);
	if (!barcodes_disagree(tape->barcode, now.barcode))
		return true;
	sentence(why, why_bytes,
	    "cartridge %s: the memory of the medium (MAM) has the barcode %s: "
	    "find out which is wrong, and %s%s",
	    name, now.barcode,
	    now.barcode_claimed == TAPE_KNOWN_YES ? "use it as --volume "
						  : "name another cartridge",
	    now.barcode_claimed == TAPE_KNOWN_YES ? now.barcode : "");
	return false;
}

/* Compares what the memory of the cartridge says with what the run knows. */
static enum admit_verdict compare(const struct admit *a, const char *serial,
    const char *change, char *why, size_t why_bytes)
{
	if (differ(a->serial, serial)) {
		sentence(why, why_bytes,
		    "cartridge %s has the serial number %s, and had %s when "
		    "the run began: it was exchanged",
		    a->name, serial, a->serial);
		return ADMIT_EXCHANGED;
	}
	if (a->serial[0] != '\0' && serial[0] == '\0') {
		sentence(why, why_bytes,
		    "cartridge %s had the serial number %s when the run began, "
		    "and now none can be read: it may be another one",
		    a->name, a->serial);
		return ADMIT_EXCHANGED;
	}
	if (differ(a->change, change)) {
		sentence(why, why_bytes,
		    "cartridge %s was written by another program since the "
		    "last test (volume change reference %s, was %s)",
		    a->name, change, a->change);
		return ADMIT_WRITTEN;
	}
	return ADMIT_YES;
}

/* Returns whether any program, or any of these runs, may write after the label. */
static bool has_free_label(const struct look *found)
{
	return found->volume.found == VOLUME_POLICY_LABEL &&
	    (found->header.type == HEADER_SCRATCH ||
		strcmp(found->header.purpose, HEADER_PURPOSE_TEST) == 0);
}

/* Judges what was found. */
static enum admit_verdict judge(const struct admit *a, const struct look *found,
    char *why, size_t why_bytes)
{
	const struct volume_policy_rules rules = { .label_blank = a->blank,
		.overwrite = { a->overwrite, a->overwrite_count },
		.test = true };
	bool blank = found->volume.found == VOLUME_POLICY_BLANK;
	bool free_label = has_free_label(found);
	char reason[TAPE_MESSAGE_BYTES];

	if (found->volume.found == VOLUME_POLICY_ERROR) {
		sentence(why, why_bytes, "cartridge %s: %s", a->name,
		    found->why);
		return ADMIT_UNREADABLE;
	}
	/* No label step labels it, whatever it is named by. */
	if (found->volume.worm) {
		sentence(why, why_bytes,
		    "cartridge %s: it is a write-once medium (WORM), which "
		    "cannot be used for a run: name another one",
		    a->name);
		return ADMIT_KEPT;
	}
	if (volume_policy_judge(&rules, &found->volume, reason,
		sizeof reason) != VOLUME_POLICY_REFUSE &&
	    (!a->begun || blank || free_label))
		return ADMIT_YES;
	if (a->begun && !free_label)
		sentence(why, why_bytes,
		    "cartridge %s does not have the label of the run: another "
		    "program wrote on it, it was exchanged, or the run ended "
		    "before it wrote the label",
		    a->name);
	else
		sentence(why, why_bytes, "cartridge %s: %s", a->name, reason);
	return ADMIT_KEPT;
}

/* Reads what is on the cartridge. */
static enum admit_verdict look(const struct admit *a, struct tape *tape,
    int64_t *now_ns, char *why, size_t why_bytes)
{
	struct cursor c = { .tape = tape,
		.now_ns = *now_ns,
		.block = malloc(TAPE_BLOCK_MAX_BYTES),
		.room_bytes = TAPE_BLOCK_MAX_BYTES };
	enum admit_verdict verdict = ADMIT_UNREADABLE;
	struct look found;

	if (c.block == NULL) {
		sentence(why, why_bytes, "out of memory");
		verdict = ADMIT_KEPT;
	} else if (!cursor_rewind(&c)) {
		sentence(why, why_bytes, "cartridge %s: %s", a->name,
		    tape_result_text(&c.result));
	} else {
		look_at_volume(&found, &c, tape->barcode);
		verdict = judge(a, &found, why, why_bytes);
		cursor_rewind(&c);
	}
	*now_ns = c.now_ns;
	free(c.block);
	return verdict;
}

enum admit_verdict admit_cartridge(const struct admit *a, struct tape *tape,
    int64_t *now_ns, char *why, size_t why_bytes)
{
	struct tape_identity now;
	char change[ADMIT_CHANGE_BYTES];
	enum admit_verdict verdict;

	tape_identify(tape, &now);
	admit_change_text(&now, change);
	verdict = compare(a, now.serial, change, why, why_bytes);
	if (verdict != ADMIT_YES)
		return verdict;
	if (a->looked && a->change[0] != '\0' && change[0] != '\0')
		return ADMIT_YES;
	return look(a, tape, now_ns, why, why_bytes);
}
