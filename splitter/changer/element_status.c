/* element_status.c: see element_status.h. */
#include "splitter/changer/element_status.h"

#include <stdio.h>
#include <string.h>

#include "splitter/base/big_endian.h"
#include "splitter/base/hex.h"
#include "splitter/format/header.h"

enum {
	PAGE_HEADER_BYTES = 8,
	DESCRIPTOR_MIN_BYTES = 12,
	TAG_BYTES = 36,      /* of a volume tag; 32 are the barcode */
	IDENTIFIER_BYTES = 4 /* before an identifier */
};

/* Byte 1 of a page header. */
enum { PVOLTAG = 0x80, AVOLTAG = 0x40 };
/* Bytes 2 and 9 of a descriptor. */
enum { FULL = 0x01, EXCEPT = 0x04, SVALID = 0x80, DISABLED = 0x08, TYPE = 7 };
/* Additional sense of IBM, HP, Quantum: the label is not known for sure. */
enum { ASC_LABEL_QUESTIONABLE = 0x83 };
/* The identifier of a drive. */
enum { CODE_SET_BINARY = 1, CODE_SET_ASCII = 2 };
enum { TYPE_VENDOR = 0, TYPE_T10 = 1, TYPE_NAA = 3, T10_NAMES = 24 };

/* Copies text without the blanks and zeros at both ends.  "" if it is too
 * long, or not printable. */
static void copy_text(const uint8_t *from, size_t bytes, char *to, size_t room)
{
	size_t i;

	to[0] = '\0';
	while (bytes > 0 && (from[bytes - 1] == ' ' || from[bytes - 1] == 0))
		bytes--;
	while (bytes > 0 && *from == ' ') {
		from++;
		bytes--;
	}
	if (bytes >= room)
		return;
	for (i = 0; i < bytes; i++)
		if (from[i] < ' ' || from[i] > '~')
			return;
	memcpy(to, from, bytes);
	to[bytes] = '\0';
}

/* The NAA name of a drive, of 8 or 16 bytes. */
static void copy_name(const uint8_t *from, size_t bytes, size_t stated,
    char to[ELEMENT_SERIAL_BYTES])
{
	if (bytes != stated || (bytes != 8 && bytes != 16))
		return;
	strcpy(to, ELEMENT_NAA);
	hex_write(to + strlen(to), from, bytes);
}

/*
 * Reads the identifier of a drive: its serial number; or vendor, product and
 * serial number; or its NAA name, as in page 83h of its INQUIRY data.
 */
static void decode_identifier(const uint8_t *bytes, size_t room,
    struct element *e)
{
	size_t n, stated;
	unsigned set, type;

	if (room < IDENTIFIER_BYTES)
		return;
	set = bytes[0] & 0xf;
	type = bytes[1] & 0xf;
	n = stated = bytes[3];
	if (n > room - IDENTIFIER_BYTES)
		n = room - IDENTIFIER_BYTES;
	bytes += IDENTIFIER_BYTES;
	if (set == CODE_SET_BINARY && type == TYPE_NAA)
		copy_name(bytes, n, stated, e->serial);
	if (set != CODE_SET_ASCII)
		return;
	if (type == TYPE_T10 && n > T10_NAMES) {
		bytes += T10_NAMES;
		n -= T10_NAMES;
	} else if (type != TYPE_VENDOR && type != TYPE_T10) {
		return;
	}
	copy_text(bytes, n, e->serial, sizeof e->serial);
}

static void decode_descriptor(const uint8_t *bytes, size_t each, unsigned flags,
    struct element *e)
{
	size_t at = DESCRIPTOR_MIN_BYTES;

	e->address = get_be16(bytes);
	e->full = bytes[2] & FULL;
	e->exception = bytes[2] & EXCEPT;
	e->asc = bytes[4];
	e->ascq = bytes[5];
	e->disabled = bytes[9] & DISABLED;
	e->medium = bytes[9] & TYPE;
	e->has_source = e->full && (bytes[9] & SVALID);
	e->source = e->has_source ? get_be16(bytes + 10) : 0;
	if ((flags & PVOLTAG) && each >= at + TAG_BYTES) {
		if (e->full &&
		    !(e->exception && e->asc == ASC_LABEL_QUESTIONABLE))
			copy_text(bytes + at, TAPE_BARCODE_BYTES - 1,
			    e->barcode, sizeof e->barcode);
		if (!header_barcode_valid(e->barcode))
			e->barcode[0] = '\0';
	}
	at += flags & PVOLTAG ? TAG_BYTES : 0;
	at += flags & AVOLTAG ? TAG_BYTES : 0;
	if (e->kind == ELEMENT_DRIVE && at < each)
		decode_identifier(bytes + at, each - at, e);
}

/* Decodes a page of which `bytes` bytes were received, with its header. */
static int decode_page(const uint8_t *page, size_t bytes,
    enum element_kind kind, struct inventory *inventory,
    struct element_report *report, char *err, size_t err_bytes)
{
	size_t each = get_be16(page + 2), length = get_be24(page + 5);

	if (length == 0)
		return 0;
	if (page[0] != kind) {
		snprintf(err, err_bytes,
		    "READ ELEMENT STATUS: the changer reports elements of type "
		    "%u, and was asked for type %u",
		    page[0], (unsigned)kind);
		return -1;
	}
	if (each < DESCRIPTOR_MIN_BYTES) {
		snprintf(err, err_bytes,
		    "READ ELEMENT STATUS: the changer reports descriptors of "
		    "%zu bytes, which is too short",
		    each);
		return -1;
	}
	bytes -= PAGE_HEADER_BYTES;
	if (length > bytes)
		length = bytes;
	for (size_t at = 0; each <= length - at; at += each) {
		struct element e = { .kind = kind };

		decode_descriptor(page + PAGE_HEADER_BYTES + at, each, page[1],
		    &e);
		if (inventory_add(inventory, &e, err, err_bytes) != 0)
			return -1;
		if (report->elements++ == 0 || e.address > report->last)
			report->last = e.address;
	}
	return 0;
}

int element_status_decode(const uint8_t *data, size_t bytes,
    enum element_kind kind, struct inventory *inventory,
    struct element_report *report, char *err, size_t err_bytes)
{
	size_t at = ELEMENT_STATUS_HEADER_BYTES;

	memset(report, 0, sizeof *report);
	if (bytes < ELEMENT_STATUS_HEADER_BYTES) {
		snprintf(err, err_bytes,
		    "READ ELEMENT STATUS: the answer has %zu bytes, which is "
		    "less than its header",
		    bytes);
		return -1;
	}
	report->total_bytes = ELEMENT_STATUS_HEADER_BYTES + get_be24(data + 5);
	if (bytes > report->total_bytes)
		bytes = report->total_bytes;
	while (bytes - at >= PAGE_HEADER_BYTES) {
		size_t length = get_be24(data + at + 5);

		if (decode_page(data + at, bytes - at, kind, inventory, report,
			err, err_bytes) != 0)
			return -1;
		if (length > bytes - at - PAGE_HEADER_BYTES)
			break;
		at += PAGE_HEADER_BYTES + length;
	}
	return 0;
}
