/*
 * pages_fixture.h: a drive and a changer with only the commands of this room,
 * for tests that compare bytes.
 */
#ifndef VTL_PAGES_FIXTURE_H
#define VTL_PAGES_FIXTURE_H

#include "vtl/scsi/pages/pages.h"

#define PAGES_TARGET "iqn.2026-01.org.tapelab:lib"

enum { FIXTURE_IN_MAX = 8192 };

struct pages_fixture {
	struct device *device;
	struct scsi *unit; /* of a drive */
	struct volume *volume;
	struct pages_changer changer;
	struct scsi_nexuses nexuses; /* of the changer */
	struct device_answer answer;
	uint8_t in[FIXTURE_IN_MAX];
	int64_t now_ns;
};

/* Makes a device, with open nexuses 0 and 1 and no unit attention. */
void pages_make_drive(struct pages_fixture *f, const char *model);
void pages_make_changer(struct pages_fixture *f, const char *product);
void pages_free(struct pages_fixture *f);

/* Loads a volume with a capacity of 10^9 bytes and this barcode. */
void pages_load(struct pages_fixture *f, const char *barcode);

/* Removes the unit attentions of all nexuses. */
void pages_clear_attentions(struct pages_fixture *f);

/*
 * Executes a command; `expected` bytes are expected, in or out.  The data-in is
 * in f->in.  Checks that nothing is stored after its end.
 */
void pages_send_as(struct pages_fixture *f, unsigned nexus, const uint8_t *cdb,
    size_t cdb_bytes, const void *out, uint32_t expected);

/* The CDB is an array; the data-in may be as long as FIXTURE_IN_MAX. */
#define PAGES_SEND(f, cdb) PAGES_SEND_AS(f, 0, cdb)
#define PAGES_SEND_AS(f, nexus, cdb) \
	pages_send_as(f, nexus, cdb, sizeof(cdb), NULL, FIXTURE_IN_MAX)
#define PAGES_SEND_OUT(f, cdb, out) \
	pages_send_as(f, 0, cdb, sizeof(cdb), out, sizeof(out))

/* Fails unless the answer is GOOD with this data. */
void pages_assert_data(const struct pages_fixture *f, const void *data,
    size_t bytes);
#define PAGES_ASSERT_DATA(f, data) pages_assert_data(f, data, sizeof(data))

/* Fails unless the answer is CHECK CONDITION with this sense data. */
void pages_assert_check(const struct pages_fixture *f, uint8_t key, uint8_t asc,
    uint8_t ascq);

/* The same, with an invalid field at this place of the CDB, or of the data. */
void pages_assert_field(const struct pages_fixture *f, uint8_t asc,
    unsigned byte, int bit);

/*
 * Executes the command, which has an allocation length of `size` bytes at
 * byte `at`, with each allocation length from 0 to more than the answer has,
 * and fails unless each answer is a beginning of the full one.  The full answer
 * is in f->in then.  Its length is returned.
 */
size_t pages_assert_allocations(struct pages_fixture *f, const uint8_t *cdb,
    size_t cdb_bytes, unsigned at, unsigned size);

#endif
