/*
 * impl.h: what the files of the room share.  Each file calls only files listed
 * above it.
 *
 *     options.c         how real libraries differ
 *     found_empty.c     elements in which the robot found nothing
 *     descriptor.c      the bytes of an element descriptor
 *     element_status.c  READ ELEMENT STATUS
 *     move.c            MOVE MEDIUM, POSITION TO ELEMENT, inventories
 *     smc.c             the changer, its other commands
 */
#ifndef VTL_SMC_IMPL_H
#define VTL_SMC_IMPL_H

#include "vtl/scsi/device/row.h"
#include "vtl/scsi/pages/pages.h"
#include "vtl/scsi/smc/smc.h"

enum { SMC_ADDRESSES = 65536 };

struct smc {
	struct pages_changer pages; /* at the begin, as pages.h requires */
	const struct smc_library *library;
	void *arg;
	struct smc_options options;
	struct scsi_nexuses nexuses;
	struct device *device;
	/* a bit for each address: the robot found this element empty */
	uint8_t found_empty[SMC_ADDRESSES / 8];
};

/* found_empty.c */

void smc_set_found_empty(struct smc *smc, unsigned address);
bool smc_is_found_empty(const struct smc *smc, unsigned address);
void smc_clear_found_empty(struct smc *smc, unsigned first, unsigned last);

/* descriptor.c */

enum {
	SMC_STATUS_BYTES = 12,
	SMC_TAG_BYTES = 36,
	SMC_IDENTIFIER_BYTES = 8 + 16 + 10, /* vendor, product, serial */
	SMC_DESCRIPTOR_MAX =
	    SMC_STATUS_BYTES + SMC_TAG_BYTES + 4 + SMC_IDENTIFIER_BYTES
};

/* What a descriptor of READ ELEMENT STATUS contains. */
struct smc_form {
	bool tags;        /* VOLTAG */
	bool identifiers; /* DVCID */
};

/* Returns the length of the descriptors of elements of this kind. */
size_t smc_descriptor_bytes(const struct smc_form *form,
    enum changer_kind kind);

/* Returns the element type code of SMC-3. */
uint8_t smc_type_code(enum changer_kind kind);

void smc_encode_descriptor(struct smc *smc, const struct smc_form *form,
    const struct changer_element *element, uint8_t bytes[SMC_DESCRIPTOR_MAX]);

/* element_status.c */

void smc_read_element_status(struct device_call *call);

/* move.c */

void smc_move_medium(struct device_call *call);
void smc_position(struct device_call *call);
void smc_initialize(struct device_call *call);
void smc_initialize_range(struct device_call *call);

#endif
