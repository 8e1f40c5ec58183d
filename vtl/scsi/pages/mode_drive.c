/*
 * mode_drive.c: the mode pages of a drive: SPC-4 and SSC-4; what LTO drives
 * report where those leave a choice.
 */
#include "vtl/scsi/pages/impl.h"

#include <string.h>

/* Control: the format of sense data, software write protection */
enum { D_SENSE = 0x04, SWP = 0x08 };

static const uint8_t control_mask[12] = { [2] = D_SENSE, [4] = SWP };

static void put_control(const struct pages_mode *mode, uint8_t *bytes)
{
	bytes[2] = mode->mode.descriptor_sense ? D_SENSE : 0;
	bytes[4] = mode->mode.write_protected ? SWP : 0;
}

static int take_control(struct pages_mode *mode, const uint8_t *bytes)
{
	mode->mode.descriptor_sense = bytes[2] & D_SENSE;
	mode->mode.write_protected = bytes[4] & SWP;
	return PAGES_TAKEN;
}

/*
 * Control Extension: a timestamp that SET TIMESTAMP has set stays (SCSIP).
 */
static void put_control_extension(const struct pages_mode *mode, uint8_t *bytes)
{
	enum { SCSIP = 0x02 };

	(void)mode;
	bytes[4] = SCSIP;
}

/* Data Compression: an algorithm of 0 switches compression off. */
enum { DCE = 0x80, DCC = 0x40, DDE = 0x80, LTO_ALGORITHM = 1 };

static const uint8_t compression_mask[16] = {
	[2] = DCE, [3] = DDE, [7] = LTO_ALGORITHM
};

static void put_compression(const struct pages_mode *mode, uint8_t *bytes)
{
	bytes[2] = DCC | (mode->mode.compression ? DCE : 0);
	bytes[3] = mode->mode.decompression ? DDE : 0;
	put_be32(bytes + 4, LTO_ALGORITHM);
	put_be32(bytes + 8, LTO_ALGORITHM);
}

static int take_compression(struct pages_mode *mode, const uint8_t *bytes)
{
	mode->mode.compression =
	    (bytes[2] & DCE) != 0 && bytes[7] == LTO_ALGORITHM;
	mode->mode.decompression = bytes[3] & DDE;
	return PAGES_TAKEN;
}

/* Device Configuration */
enum {
	/* BIS, block identifiers are supported */
	IDENTIFIERS = 0x40,
	/* EEG, EOD is generated; SEW, the buffer is written at early warning */
	END_OF_DATA = 0x18
};

static const uint8_t configuration_mask[16] = {
	[6] = 0xff, [7] = 0xff, [14] = LTO_ALGORITHM
};

static void put_configuration(const struct pages_mode *mode, uint8_t *bytes)
{
	put_be16(bytes + 6, mode->mode.write_delay_ds);
	bytes[3] = (uint8_t)drive_partition(scsi_drive(mode->call->unit));
	bytes[8] = IDENTIFIERS;
	bytes[10] = END_OF_DATA;
	bytes[14] = mode->mode.compression ? LTO_ALGORITHM : 0;
}

static int take_configuration(struct pages_mode *mode, const uint8_t *bytes)
{
	mode->mode.write_delay_ds = get_be16(bytes + 6);
	mode->mode.compression = bytes[14] == LTO_ALGORITHM;
	return PAGES_TAKEN;
}

/*
 * Device Configuration Extension: the write mode and the programmable early
 * warning
 */
enum { SHORT_ERASE_WRITES_EOD = 0x02, APPEND_ONLY = 0x10, WRITE_MODE = 0xf0 };

static const uint8_t extension_mask[32] = {
	[5] = WRITE_MODE, [6] = 0xff, [7] = 0xff
};

static void put_extension(const struct pages_mode *mode, uint8_t *bytes)
{
	bytes[5] =
	    SHORT_ERASE_WRITES_EOD | (mode->mode.append_only ? APPEND_ONLY : 0);
	put_be16(bytes + 6, mode->mode.pews_mb);
}

static int take_extension(struct pages_mode *mode, const uint8_t *bytes)
{
	if ((bytes[5] & WRITE_MODE) > APPEND_ONLY)
		return 5;
	mode->mode.append_only = bytes[5] & APPEND_ONLY;
	mode->mode.pews_mb = get_be16(bytes + 6);
	return PAGES_TAKEN;
}

/* Informational Exceptions Control: sense data for TapeAlert flags */
enum { DEXCPT = 0x08, MRIE = 0x0f };

static const uint8_t exceptions_mask[12] = { [2] = DEXCPT, [3] = MRIE };

static void put_exceptions(const struct pages_mode *mode, uint8_t *bytes)
{
	bytes[2] = mode->mode.exceptions ? 0 : DEXCPT;
	bytes[3] = mode->mode.mrie;
}

static int take_exceptions(struct pages_mode *mode, const uint8_t *bytes)
{
	unsigned mrie = bytes[3] & MRIE;

	if (mrie != SCSI_MRIE_NEVER && mrie != SCSI_MRIE_RECOVERED &&
	    mrie != SCSI_MRIE_REQUEST)
		return 3;
	mode->mode.exceptions = (bytes[2] & DEXCPT) == 0;
	mode->mode.mrie = (uint8_t)mrie;
	return PAGES_TAKEN;
}

const struct media_type *pages_medium(const struct drive *drive)
{
	return model_takes_all(drive_model(drive)) ? NULL : drive_medium(drive);
}

/*
 * Medium Configuration: whether the medium is write-once, and what of such a
 * medium may be overwritten: no label, and the filemarks before EOD (SSC-4).
 */
static void put_medium(const struct pages_mode *mode, uint8_t *bytes)
{
	enum { NO_LABEL = 0, LAST_FILEMARKS = 3 };
	const struct media_type *type =
	    pages_medium(scsi_drive(mode->call->unit));

	bytes[2] = type != NULL && type->worm;
	bytes[4] = NO_LABEL;
	bytes[5] = LAST_FILEMARKS;
}

static const struct pages_mode_page pages[] = {
	/* Read-Write Error Recovery, Disconnect-Reconnect */
	{ .page = 0x01, .bytes = 12 },
	{ .page = 0x02, .bytes = 16 },
	{ 0x0a, 0, 12, 0, control_mask, put_control, take_control, NULL },
	{ .page = 0x0a,
	    .subpage = 0x01,
	    .bytes = 32,
	    .put = put_control_extension },
	/*
	 * Control Data Protection.  The drive does not protect logical blocks:
	 * the method is 0, and cannot be changed.  LTFS sets 0 at each mount.
	 */
	{ .page = 0x0a, .subpage = 0xf0, .bytes = 32 },
	{ 0x0f, 0, 16, 0, compression_mask, put_compression, take_compression,
	    NULL },
	{ 0x10, 0, 16, 0, configuration_mask, put_configuration,
	    take_configuration, NULL },
	{ 0x10, 0x01, 32, 0, extension_mask, put_extension, take_extension,
	    NULL },
	{ 0x11, 0, 16, 8, pages_partition_mask, pages_put_partitions,
	    pages_take_partitions, pages_partition_length },
	/* Power Condition */
	{ .page = 0x1a, .bytes = 12 },
	{ 0x1c, 0, 12, 0, exceptions_mask, put_exceptions, take_exceptions,
	    NULL },
	{ .page = 0x1d, .bytes = 32, .put = put_medium },
};

const struct pages_mode_pages pages_drive_modes = { pages,
	sizeof pages / sizeof *pages };

/*
 * Cartridges of 3592 drives, as LTFS knows them.  Media of these models have
 * no type.
 */
static uint8_t type_of_3592(const struct model *model)
{
	if (strcmp(model->name, "ts1140jc") == 0)
		return 0x93;
	return strcmp(model->name, "ts1150jd") == 0 ? 0x94 : 0;
}

uint8_t pages_type_code(const struct device_call *call,
    const struct media_type *type)
{
	enum { DATA = 0x08, WORM = 0x0c, HP_WORM = 0x01 };
	const char *vendor = device_identity(call->device)->vendor;
	int generation;

	if (type == NULL)
		return type_of_3592(drive_model(scsi_drive(call->unit)));
	if (strcmp(vendor, "HP") == 0 || strcmp(vendor, "HPE") == 0)
		return type->worm ? HP_WORM : 0;
	if (strcmp(type->code, "PA") == 0)
		return 0xa9;
	/* M8 is a cartridge of LTO-7. */
	generation = type->generation > 0 ? type->generation : 7;
	return (uint8_t)(generation << 4 | (type->worm ? WORM : DATA));
}

uint8_t pages_medium_type(const struct device_call *call)
{
	const struct drive *drive = scsi_drive(call->unit);

	if (drive_media_use(drive) == MEDIA_NONE)
		return 0;
	return pages_type_code(call, pages_medium(drive));
}
