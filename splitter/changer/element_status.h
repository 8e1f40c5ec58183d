/*
 * element_status.h: the answer to READ ELEMENT STATUS (SMC-3), as bytes.
 *
 * Nothing in an answer is trusted: no length leads outside of the bytes that
 * were received, a text that is no valid barcode is no barcode, and an element
 * of another type than was asked for is an error.
 */
#ifndef SPLITTER_CHANGER_ELEMENT_STATUS_H
#define SPLITTER_CHANGER_ELEMENT_STATUS_H

#include "splitter/changer/inventory.h"

enum { ELEMENT_STATUS_HEADER_BYTES = 8 };

/* What the header of an answer says, and what was found after it. */
struct element_report {
	/*
	 * Length of the whole answer, with its header, however long the
	 * allocation was.
	 */
	uint32_t total_bytes;
	size_t elements; /* that were decoded */
	unsigned last;   /* the highest address among them */
};

/*
 * Decodes the first `bytes` bytes of an answer about elements of one kind, and
 * adds the elements whose descriptors were received whole.  A barcode that the
 * changer calls questionable (ASC 83h) is unknown.  0; -1 with a message, and
 * `inventory` may have some of the elements.
 */
int element_status_decode(const uint8_t *data, size_t bytes,
    enum element_kind kind, struct inventory *inventory,
    struct element_report *report, char *err, size_t err_bytes);

#endif
