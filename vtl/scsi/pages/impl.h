/*
 * impl.h: what the files of the room share.  Each file calls only files listed
 * above it.
 *
 *     data.c         data-in that is made of fields
 *     identity.c     names and serial numbers
 *     vpd.c          the pages of INQUIRY
 *     inquiry.c      INQUIRY
 *     rows.c         the tables of commands
 */
#ifndef VTL_PAGES_IMPL_H
#define VTL_PAGES_IMPL_H

#include "vtl/scsi/pages/pages.h"

enum { PAGES_CHANGER = 0x08, PAGES_DATA_MAX = 4096 };

/* The data-in of a command, which is complete before it is sent. */
struct pages_data {
	size_t used;
	uint8_t bytes[PAGES_DATA_MAX];
};

/* These append to the data: zeros, bytes, a number, a text with blanks. */
void pages_put_zeros(struct pages_data *data, size_t bytes);
void pages_put_bytes(struct pages_data *data, const void *from, size_t bytes);
void pages_put(struct pages_data *data, uint64_t value, unsigned bytes);
void pages_put_text(struct pages_data *data, const char *text, size_t bytes);

/* Stores how many bytes follow the field in that field. */
void pages_set_length(struct pages_data *data, size_t field, unsigned bytes);

/* Sends the data, limited to the allocation length. */
void pages_reply(struct device_call *call, const struct pages_data *data,
    uint64_t allocation);

static inline bool pages_is_changer(const struct device_call *call)
{
	return device_identity(call->device)->type == PAGES_CHANGER;
}

/* vpd.c: INQUIRY with EVPD. */
void pages_inquire_page(struct device_call *call);

/* inquiry.c */
void pages_inquiry(struct device_call *call);

#endif
