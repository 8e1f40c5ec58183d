/* identity.c: which cartridge is in the drive (facts.h). */
#include <string.h>

#include "splitter/scsi/facts/facts.h"

enum { PARTITIONS = 0x11, ADDITIONAL_AT = 3, TYPE_WORM = 0x80 };

static void take_mam(const struct scsi_mam *mam, struct tape_identity *i)
{
	_Static_assert(sizeof mam->serial == sizeof i->serial &&
		sizeof mam->manufacturer == sizeof i->maker &&
		sizeof mam->barcode == sizeof i->barcode,
	    "the texts of the auxiliary memory fit");

	memcpy(i->serial, mam->serial, sizeof i->serial);
	memcpy(i->maker, mam->manufacturer, sizeof i->maker);
	memcpy(i->barcode, mam->barcode, sizeof i->barcode);
	if (mam->has_change)
		i->change_reference = mam->change_reference;
	if (mam->has_type)
		i->write_once =
		    mam->type & TYPE_WORM ? TAPE_KNOWN_YES : TAPE_KNOWN_NO;
}

static void ask(struct scsi_unit *unit, struct tape_identity *identity)
{
	struct scsi_mode_data mode;
	struct scsi_mam mam;
	uint8_t density, byte;

	scsi_mam_read(unit, &mam);
	if (mam.valid)
		take_mam(&mam, identity);
	density = mam.density;
	if (density == 0 &&
	    scsi_send_mode_sense(unit, 0, 0, SCSI_MODE_CURRENT, &mode))
		density = mode.density;
	strcpy(identity->generation, scsi_generation_name(density));
	if (scsi_send_mode_byte(unit, PARTITIONS, ADDITIONAL_AT, &byte))
		identity->partitions = byte + 1u;
	if (scsi_medium_is_worm(unit))
		identity->write_once = TAPE_KNOWN_YES;
}

/*
 * A unit attention may be the report of an exchange: then all is asked again, so
 * that the answers are those of one cartridge, the one that is in the drive now.
 */
void scsi_identify(struct scsi_unit *unit, struct tape_identity *identity)
{
	enum { TIMES = 3 };
	const struct tape_identity unknown = *identity;
	unsigned times = 0;
	uint64_t before;

	do {
		before = unit->attentions;
		*identity = unknown;
		ask(unit, identity);
	} while (unit->attentions != before && ++times < TIMES);
}
