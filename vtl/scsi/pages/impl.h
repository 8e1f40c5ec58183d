/*
 * impl.h: what the files of the room share.  Each file calls only files listed
 * above it.
 *
 *     data.c         data-in that is made of fields
 *     identity.c     names
 *     vpd.c          the pages of INQUIRY
 *     inquiry.c      INQUIRY
 *     mode_partition.c  the mode page of the partitions
 *     mode_drive.c   the mode pages of a drive
 *     mode_changer.c the mode pages of a changer
 *     mode_page.c    the table of the pages, and their bytes
 *     mode_sense.c   MODE SENSE
 *     mode_select.c  MODE SELECT
 *     log.c          LOG SENSE
 *     log_select.c   LOG SELECT
 *     density.c      REPORT DENSITY SUPPORT
 *     diagnostic.c   buffers and diagnostics
 *     rows.c         the tables of commands
 */
#ifndef VTL_PAGES_IMPL_H
#define VTL_PAGES_IMPL_H

#include "vtl/scsi/log.h"
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

/* Appends 64 flags: bit N - 1 of `flags` is flag N, flag 1 the first bit. */
void pages_put_flags(struct pages_data *data, uint64_t flags);

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

/* What mode pages report: the settings, current or default. */
struct pages_mode {
	struct device_call *call;
	/* of a drive */
	struct scsi_mode mode;
	struct scsi_partitions partitions;
	bool sets_partitions; /* by MODE SELECT */
};

enum { PAGES_MODE_MAX = 64, PAGES_TAKEN = -1 };

/*
 * A mode page.  Bytes are counted from the beginning of the page, with its
 * header of 2 bytes, or, if `subpage` is not 0, of 4.
 */
struct pages_mode_page {
	uint8_t page, subpage;
	uint8_t bytes; /* with the header */
	/* the least that MODE SELECT takes; 0: all */
	uint8_t least_bytes;
	/* the bits that MODE SELECT changes; NULL: none */
	const uint8_t *mask;
	/* Stores what is not zero after the header.  NULL: nothing. */
	void (*put)(const struct pages_mode *mode, uint8_t *bytes);
	/*
	 * Takes settings from a page that differs from the current one only in
	 * bits of the mask.  Settings after `bytes` are zeros.  Returns
	 * PAGES_TAKEN, or the byte that is invalid.  NULL: takes nothing.
	 */
	int (*take)(struct pages_mode *mode, const uint8_t *bytes);
	/* The length of the page, with the header.  NULL: `bytes`. */
	size_t (*length)(const struct pages_mode *mode);
};

struct pages_mode_pages {
	const struct pages_mode_page *pages;
	size_t count;
};

/* Both are sorted by page and subpage. */
extern const struct pages_mode_pages pages_drive_modes;
extern const struct pages_mode_pages pages_changer_modes;

/* mode_partition.c: the medium partition page */
extern const uint8_t pages_partition_mask[16];
size_t pages_partition_length(const struct pages_mode *mode);
void pages_put_partitions(const struct pages_mode *mode, uint8_t *bytes);
int pages_take_partitions(struct pages_mode *mode, const uint8_t *bytes);

/*
 * mode_drive.c: the type of the loaded medium; NULL without one, and for a
 * drive whose media have no types.
 */
const struct media_type *pages_medium(const struct drive *drive);

/* mode_drive.c: the medium type of the header; 0 without a medium. */
uint8_t pages_medium_type(const struct device_call *call);

/* The code of a type of medium; `type` is NULL for media without one. */
uint8_t pages_type_code(const struct device_call *call,
    const struct media_type *type);

/* mode_page.c */

/* Returns the pages of the device of the call. */
const struct pages_mode_pages *pages_modes(const struct device_call *call);

/* Returns the page; NULL if the device has no such page. */
const struct pages_mode_page *pages_find_mode(const struct device_call *call,
    unsigned page, unsigned subpage);

/* Returns the length of the header of the page. */
size_t pages_mode_header(const struct pages_mode_page *page);

/* Stores the page, with its header.  Returns its length. */
size_t pages_put_mode(const struct pages_mode_page *page,
    const struct pages_mode *mode, uint8_t bytes[PAGES_MODE_MAX]);

/* The same, with the bits that can be changed in place of the values. */
size_t pages_put_mask(const struct pages_mode_page *page,
    const struct pages_mode *mode, uint8_t bytes[PAGES_MODE_MAX]);

/* mode_sense.c, mode_select.c */
void pages_mode_sense_6(struct device_call *call);
void pages_mode_sense_10(struct device_call *call);
void pages_mode_select_6(struct device_call *call);
void pages_mode_select_10(struct device_call *call);

/* log.c */

/*
 * Gets a log page.  `keep`: reading it has no effect; TapeAlert flags are 0
 * then.  Returns false for an unknown page.
 */
bool pages_get_log(struct device_call *call, uint8_t page, bool keep,
    struct scsi_log *log);
void pages_log_sense(struct device_call *call);

/* log_select.c */
void pages_log_select(struct device_call *call);

/* density.c */
void pages_report_densities(struct device_call *call);

/* diagnostic.c */
void pages_read_buffer(struct device_call *call);
void pages_write_buffer(struct device_call *call);
void pages_receive_diagnostic(struct device_call *call);
void pages_send_diagnostic(struct device_call *call);

#endif
