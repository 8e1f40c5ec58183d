/* facts.c: see facts.h. */
#include "splitter/scsi/facts/facts.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/utsname.h>

#include "splitter/base/big_endian.h"
#include "splitter/base/sentence.h"

/* Generations of LTO by density code. */
static const struct {
	uint8_t density;
	unsigned generation;
	const char *name;
} densities[] = {
	{ 0x40, 1, "LTO-1" },
	{ 0x42, 2, "LTO-2" },
	{ 0x44, 3, "LTO-3" },
	{ 0x46, 4, "LTO-4" },
	{ 0x58, 5, "LTO-5" },
	{ 0x5a, 6, "LTO-6" },
	{ 0x5c, 7, "LTO-7" },
	{ 0x5d, 7, "LTO-7 M8" },
	{ 0x5e, 8, "LTO-8" },
	{ 0x60, 9, "LTO-9" },
	{ 0x62, 10, "LTO-10" },
	{ 0x63, 10, "LTO-10P" },
};

const char *scsi_generation_name(uint8_t density)
{
	for (size_t i = 0; i < sizeof densities / sizeof *densities; i++)
		if (densities[i].density == density)
			return densities[i].name;
	return (density >= 0x51 && density <= 0x59) ||
		(density >= 0x71 && density <= 0x79)
	    ? "3592"
	    : "";
}

unsigned scsi_product_generation(const char *product)
{
	static const char *const before[] = { "-TD", "-HH", "ULTRIUM ", "LTO-",
		"LTO Gen " };

	for (size_t i = 0; i < sizeof before / sizeof *before; i++) {
		const char *at = strcasestr(product, before[i]);
		char *end;
		unsigned long n;

		if (at == NULL)
			continue;
		at += strlen(before[i]);
		if (toupper((unsigned char)*at) == 'A')
			return 10;
		if (!isdigit((unsigned char)*at))
			continue;
		n = strtoul(at, &end, 10);
		if (n >= 1 && n <= 10)
			return (unsigned)n;
	}
	return 0;
}

static enum scsi_virtual virtual_of(const struct scsi_facts *f)
{
	const struct scsi_inquiry *i = &f->inquiry;
	const char *driver = f->names.driver;

	if (strstr(f->identification.vendor_specific, "tapelab") != NULL)
		return SCSI_VIRTUAL_TAPELAB;
	if (strcasecmp(i->product, "scsi_debug") == 0 ||
	    strcmp(driver, "scsi_debug") == 0)
		return SCSI_VIRTUAL_SCSI_DEBUG;
	if (strcmp(driver, "mhvtl") == 0 ||
	    strcasestr(f->identification.t10, "mhvtl") != NULL)
		return SCSI_VIRTUAL_MHVTL;
	if (strcmp(i->vendor, "QUADSTOR") == 0 ||
	    strcasestr(f->identification.t10, "QUADSTOR") != NULL)
		return SCSI_VIRTUAL_QUADSTOR;
	/* tgt calls its devices "IET". */
	if (strcmp(i->vendor, "IET") == 0)
		return SCSI_VIRTUAL_TGT;
	if (strcasestr(i->vendor, "thur") != NULL ||
	    strcasestr(i->product, "thur") != NULL ||
	    strcasestr(f->identification.vendor_specific, "thur") != NULL)
		return SCSI_VIRTUAL_THUR;
	return SCSI_NOT_VIRTUAL;
}

const char *scsi_virtual_name(enum scsi_virtual virtual_by)
{
	switch (virtual_by) {
	case SCSI_VIRTUAL_TAPELAB:
		return "tapelab";
	case SCSI_VIRTUAL_SCSI_DEBUG:
		return "scsi_debug";
	case SCSI_VIRTUAL_MHVTL:
		return "mhvtl";
	case SCSI_VIRTUAL_TGT:
		return "tgt";
	case SCSI_VIRTUAL_QUADSTOR:
		return "QUADSTOR";
	case SCSI_VIRTUAL_THUR:
		return "thur";
	case SCSI_NOT_VIRTUAL:
		break;
	}
	return NULL;
}

/*
 * SECURITY PROTOCOL IN, tape data encryption (20h), data encryption status
 * (0020h): whether the drive encrypts what it writes.
 */
static void read_encryption(struct scsi_unit *unit, struct scsi_facts *f)
{
	enum { PROTOCOL = 0x20, STATUS = 0x0020, MODE_AT = 5, BYTES = 512 };
	uint8_t data[BYTES] = { 0 };
	struct scsi_command command = {
		.cdb = { 0xa2, PROTOCOL },
		.cdb_bytes = 12,
		.direction = SCSI_DATA_IN,
		.in = data,
		.data_bytes = BYTES,
		.name = "SECURITY PROTOCOL IN",
	};

	put_be16(command.cdb + 2, STATUS);
	put_be32(command.cdb + 6, BYTES);
	if (!scsi_ask(unit, &command) || scsi_received(unit) <= MODE_AT ||
	    get_be16(data) != STATUS)
		return;
	f->has_encryption = true;
	f->encrypts = data[MODE_AT] != 0;
}

static void read_pages(struct scsi_unit *unit, struct scsi_facts *f)
{
	uint8_t page[SCSI_VPD_BYTES];
	size_t bytes;

	scsi_send_serial(unit, f->serial);
	scsi_send_identification(unit, &f->identification);
	if (scsi_send_vpd(unit, 0xb0, page, &bytes) && bytes > 4)
		f->worm_capable = page[4] & 0x01;
}

bool scsi_facts_read(struct scsi_unit *unit, const struct scsi_names *names,
    uint32_t largest_bytes, struct scsi_facts *f, char *err, size_t err_bytes)
{
	struct utsname system;

	memset(f, 0, sizeof *f);
	if (names != NULL)
		f->names = *names;
	if (!scsi_send_inquiry(unit, &f->inquiry)) {
		scsi_unit_text(unit, err, err_bytes);
		return false;
	}
	if (f->inquiry.type != SCSI_TYPE_TAPE) {
		sentence(err, err_bytes,
		    "%s: this is not a tape drive (%s %s, device type %02Xh)",
		    unit->port->name, f->inquiry.vendor, f->inquiry.product,
		    f->inquiry.type);
		return false;
	}
	f->maker = tape_maker_of(f->inquiry.vendor);
	f->generation = scsi_product_generation(f->inquiry.product);
	scsi_send_opcodes(unit, f->generation);
	read_pages(unit, f);
	f->virtual_by = virtual_of(f);
	f->largest_block_bytes = largest_bytes;
	if (scsi_send_block_limits(unit, &f->blocks) &&
	    f->blocks.most_bytes > 0 && f->blocks.most_bytes < largest_bytes)
		f->largest_block_bytes = f->blocks.most_bytes;
	read_encryption(unit, f);
	if (uname(&system) == 0)
		snprintf(f->kernel, sizeof f->kernel, "%.64s", system.release);
	scsi_medium_read(unit, &f->medium);
	scsi_settings_read(unit, &f->settings);
	return true;
}

bool scsi_medium_is_worm(struct scsi_unit *unit)
{
	enum { CONFIGURATION = 0x1d, WORMM_AT = 2, WORMM = 0x01 };
	uint8_t byte;

	return scsi_send_mode_byte(unit, CONFIGURATION, WORMM_AT, &byte) &&
	    byte & WORMM;
}

void scsi_medium_read(struct scsi_unit *unit, struct scsi_medium *m)
{
	struct scsi_mode_data mode;

	memset(m, 0, sizeof *m);
	m->readiness = scsi_send_ready(unit);
	m->loaded = m->readiness == SCSI_READY;
	if (!m->loaded)
		return;
	if (scsi_send_mode_sense(unit, 0, 0, SCSI_MODE_CURRENT, &mode)) {
		m->write_protected = mode.write_protected;
		m->type = mode.medium_type;
		m->density = mode.density;
	}
	m->worm = scsi_medium_is_worm(unit);
	scsi_mam_read(unit, &m->mam);
	/* The density of the cartridge, not that of the next write. */
	snprintf(m->generation, sizeof m->generation, "%s",
	    scsi_generation_name(m->mam.density != 0 ? m->mam.density
						     : m->density));
	if (m->mam.has_type && m->mam.type & 0x80)
		m->worm = true;
}
