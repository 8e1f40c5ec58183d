/* mode_changer.c: the mode pages of a changer (SMC-3).  None can be changed. */
#include "vtl/scsi/pages/impl.h"

static const struct pages_changer *changer_of(const struct pages_mode *mode)
{
	return mode->call->unit;
}

/* Element Address Assignment */
static void put_addresses(const struct pages_mode *mode, uint8_t *bytes)
{
	const struct pages_changer *changer = changer_of(mode);
	const struct pages_range *ranges[] = { &changer->transports,
		&changer->slots, &changer->ports, &changer->drives };

	for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++) {
		put_be16(bytes + 2 + 4 * i, ranges[i]->first);
		put_be16(bytes + 4 + 4 * i, ranges[i]->count);
	}
}

/*
 * Device Capabilities.  Bits for the types of elements: 3 drives, 2 import and
 * export elements, 1 slots, 0 transports.
 */
static void put_capabilities(const struct pages_mode *mode, uint8_t *bytes)
{
	enum { STORES = 0x0e, MOVES_AT = 5, EXCHANGES_AT = 13 };

	bytes[2] = STORES;
	for (size_t i = 0; i < 3; i++) {
		bytes[MOVES_AT + i] = STORES;
		if (changer_of(mode)->exchanges)
			bytes[EXCHANGES_AT + i] = STORES;
	}
}

static const struct pages_mode_page pages[] = {
	/* Control: sense data has the fixed format */
	{ .page = 0x0a, .bytes = 12 },
	{ .page = 0x1d, .bytes = 20, .put = put_addresses },
	/* Transport Geometry: the robot is member 0, and rotates nothing. */
	{ .page = 0x1e, .bytes = 4 },
	{ .page = 0x1f, .bytes = 20, .put = put_capabilities },
};

const struct pages_mode_pages pages_changer_modes = { pages,
	sizeof pages / sizeof *pages };
