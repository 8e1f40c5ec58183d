/* transport_id.c: see transport_id.h. */
#include "vtl/scsi/device/transport_id.h"

#include <stdio.h>
#include <string.h>

#include "splitter/base/big_endian.h"

enum {
	ISCSI_DEVICE = 0x05, /* protocol 5, format 00b: only the name */
	ISCSI_PORT = 0x45,   /* format 01b: name and ISID */
	HEADER_BYTES = 4,
	MIN_BYTES = 24, /* of a TransportID for iSCSI */
	ISID_BYTES = 6
};

#define SEPARATOR ",i,0x"

size_t transport_id_encode(const struct device_port *port,
    uint8_t bytes[TRANSPORT_ID_MAX_BYTES])
{
	char *text = (char *)bytes + HEADER_BYTES;
	const uint8_t *i = port->isid;
	size_t n;

	memset(bytes, 0, TRANSPORT_ID_MAX_BYTES);
	n = (size_t)snprintf(text, TRANSPORT_ID_MAX_BYTES - HEADER_BYTES,
	    "%s" SEPARATOR "%02x%02x%02x%02x%02x%02x", port->initiator, i[0],
	    i[1], i[2], i[3], i[4], i[5]);
	/* with the zero at its end, to a multiple of four */
	n = HEADER_BYTES + (n + 4) / 4 * 4;
	if (n < MIN_BYTES)
		n = MIN_BYTES;
	bytes[0] = ISCSI_PORT;
	put_be16(bytes + 2, n - HEADER_BYTES);
	return n;
}

/* Reads 12 hexadecimal digits.  Returns false if there is anything else. */
static bool decode_isid(const char *text, uint8_t isid[ISID_BYTES])
{
	static const char digits[] = "0123456789abcdef";

	for (unsigned i = 0; i < 2 * ISID_BYTES; i++) {
		char c = text[i] >= 'A' && text[i] <= 'F'
		    ? (char)(text[i] - 'A' + 'a')
		    : text[i];
		const char *digit = c != '\0' ? strchr(digits, c) : NULL;

		if (digit == NULL)
			return false;
		isid[i / 2] =
		    (uint8_t)(isid[i / 2] << 4 | (uint8_t)(digit - digits));
	}
	return text[2 * ISID_BYTES] == '\0';
}

size_t transport_id_decode(const uint8_t *bytes, size_t room,
    struct device_port *port, bool *has_isid)
{
	const char *text = (const char *)bytes + HEADER_BYTES;
	const char *separator, *end;
	size_t length;

	if (room < MIN_BYTES ||
	    (bytes[0] != ISCSI_PORT && bytes[0] != ISCSI_DEVICE))
		return 0;
	*has_isid = bytes[0] == ISCSI_PORT;
	length = get_be16(bytes + 2);
	if (length > room - HEADER_BYTES || length < MIN_BYTES - HEADER_BYTES ||
	    length % 4 != 0 || memchr(text, '\0', length) == NULL)
		return 0;
	separator = strstr(text, SEPARATOR);
	if (*has_isid != (separator != NULL))
		return 0;
	end = *has_isid ? separator : text + strlen(text);
	if (end == text || end - text >= DEVICE_NAME_BYTES ||
	    (*has_isid &&
		!decode_isid(separator + strlen(SEPARATOR), port->isid)))
		return 0;
	memset(port->initiator, 0, sizeof port->initiator);
	memcpy(port->initiator, text, (size_t)(end - text));
	return HEADER_BYTES + length;
}
