/*
 * descriptor.c: the element descriptors of READ ELEMENT STATUS (SMC-3).
 *
 * The usual descriptor has everything.  IBM 3584 reports with DVCID only the
 * identifiers of drives, and marks the rest as questionable.
 */
#include "vtl/scsi/smc/impl.h"

#include <string.h>

#include "vtl/base/media.h"

/* Byte 2. */
enum {
	FULL = 0x01,
	BY_OPERATOR = 0x02, /* IMPEXP */
	EXCEPT = 0x04,
	ACCESS = 0x08,
	EXPORTS = 0x10, /* EXENAB */
	IMPORTS = 0x20  /* INENAB */
};

/* Byte 9: the source address is valid, and types of medium. */
enum { SVALID = 0x80, UNKNOWN = 0, DATA = 1, CLEANING = 2, WORM = 4 };

enum { IDENTIFIER_HEADER = 4, CODE_SET_ASCII = 2, TYPE_T10_VENDOR = 1 };

/* An additional sense code that describes an element. */
struct condition {
	uint8_t asc, ascq;
};

static const struct condition label_unreadable = { 0x83, 0x01 },
			      no_drive = { 0x83, 0x04 },
			      cleaning_cartridge = { 0x30, 0x03 },
			      questionable = { 0x81, 0x00 },
			      questionable_no_drive = { 0x82, 0x00 };

size_t smc_descriptor_bytes(const struct smc_form *form, enum changer_kind kind)
{
	return SMC_STATUS_BYTES + (form->tags ? SMC_TAG_BYTES : 0) +
	    IDENTIFIER_HEADER +
	    (form->identifiers && kind == CHANGER_KIND_DRIVE
		    ? SMC_IDENTIFIER_BYTES
		    : 0);
}

uint8_t smc_type_code(enum changer_kind kind)
{
	switch (kind) {
	case CHANGER_KIND_ROBOT:
		return 1;
	case CHANGER_KIND_SLOT:
		return 2;
	case CHANGER_KIND_IE:
		return 3;
	case CHANGER_KIND_DRIVE:
		break;
	}
	return 4;
}

static uint8_t medium_code(const struct changer_element *element)
{
	const struct media_type *type =
	    media_find_type(element->medium, element->barcode);

	if (element->cleaning)
		return CLEANING;
	if (element->unreadable && element->medium[0] == '\0')
		return UNKNOWN;
	return type != NULL && type->worm ? WORM : DATA;
}

static bool is_storage(unsigned address)
{
	return address >= CHANGER_SLOT_ADDRESS ||
	    (address >= CHANGER_IE_ADDRESS && address < CHANGER_DRIVE_ADDRESS);
}

static void set_except(uint8_t *bytes, const struct condition *condition)
{
	bytes[2] |= EXCEPT;
	bytes[4] = condition->asc;
	bytes[5] = condition->ascq;
}

/* Encodes what tells one kind of element from the others. */
static void encode_kind(const struct changer_element *element, bool full,
    const struct smc_drive *drive, uint8_t *bytes)
{
	switch (element->kind) {
	case CHANGER_KIND_ROBOT:
		break;
	case CHANGER_KIND_SLOT:
		bytes[2] |= ACCESS;
		break;
	case CHANGER_KIND_IE:
		bytes[2] |= IMPORTS | EXPORTS | ACCESS;
		if (full && element->source_address == 0)
			bytes[2] |= BY_OPERATOR;
		break;
	case CHANGER_KIND_DRIVE:
		if (drive->identity != NULL && !drive->loaded)
			bytes[2] |= ACCESS;
		break;
	}
}

static void encode_contents(const struct changer_element *element,
    const struct smc_form *form, uint8_t *bytes)
{
	size_t n = strlen(element->barcode);

	bytes[2] |= FULL;
	bytes[9] = medium_code(element);
	if (is_storage(element->source_address)) {
		bytes[9] |= SVALID;
		put_be16(bytes + 10, element->source_address);
	}
	if (element->unreadable)
		set_except(bytes, &label_unreadable);
	else if (element->cleaning && element->kind == CHANGER_KIND_DRIVE)
		set_except(bytes, &cleaning_cartridge);
	if (!form->tags)
		return;
	memset(bytes + SMC_STATUS_BYTES, ' ', 32);
	if (!element->unreadable)
		memcpy(bytes + SMC_STATUS_BYTES, element->barcode,
		    n < 32 ? n : 32);
}

/* Appends `text`, filled with blanks. */
static uint8_t *append(uint8_t *to, const char *text, size_t width)
{
	size_t n = strnlen(text, width);

	memset(to, ' ', width);
	memcpy(to, text, n);
	return to + width;
}

/* The designator of page 83h: T10 vendor identification. */
static void encode_identifier(const struct device_identity *identity,
    uint8_t *bytes)
{
	bytes[0] = CODE_SET_ASCII;
	bytes[1] = TYPE_T10_VENDOR;
	bytes[3] = SMC_IDENTIFIER_BYTES;
	bytes = append(bytes + IDENTIFIER_HEADER, identity->vendor, 8);
	bytes = append(bytes, identity->product, 16);
	append(bytes, identity->serial, 10);
}

void smc_encode_descriptor(struct smc *smc, const struct smc_form *form,
    const struct changer_element *element, uint8_t bytes[SMC_DESCRIPTOR_MAX])
{
	bool full = element->full && !smc_is_found_empty(smc, element->address);
	struct smc_drive drive = { .identity = NULL };

	memset(bytes, 0, SMC_DESCRIPTOR_MAX);
	put_be16(bytes, element->address);
	if (element->kind == CHANGER_KIND_DRIVE)
		smc->library->get_drive(smc->arg, element->number, &drive);
	if (form->identifiers && smc->options.identifiers_alone) {
		set_except(bytes,
		    drive.identity != NULL ? &questionable
					   : &questionable_no_drive);
	} else {
		encode_kind(element, full, &drive, bytes);
		if (full)
			encode_contents(element, form, bytes);
		if (element->kind == CHANGER_KIND_DRIVE &&
		    drive.identity == NULL)
			set_except(bytes, &no_drive);
	}
	if (form->identifiers && drive.identity != NULL)
		encode_identifier(drive.identity,
		    bytes + SMC_STATUS_BYTES +
			(form->tags ? SMC_TAG_BYTES : 0));
}
