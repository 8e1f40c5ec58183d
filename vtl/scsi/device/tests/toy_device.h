/* toy_device.h: a device with four commands of its own, for tests. */
#ifndef VTL_TOY_DEVICE_H
#define VTL_TOY_DEVICE_H

#include "vtl/scsi/device/device.h"

struct toy {
	struct scsi_nexuses nexuses;
	bool descriptors;
	unsigned nexus, runs, resets;
};

enum { TOY_IN_BYTES = 1024, TOY_LUNS = 5 };

extern struct toy toy;
extern struct device *toy_device;
extern uint8_t toy_in[TOY_IN_BYTES]; /* the data-in of the last command */
extern struct device_answer toy_answer;
extern const uint16_t toy_luns[TOY_LUNS];
extern int64_t toy_now_ns; /* when a command is executed */

/* For tcase_add_checked_fixture(): a drive; or another type of device. */
void toy_set_up(void);
void toy_set_up_as(uint8_t peripheral);
void toy_tear_down(void);

/* Executes the CDB; `expected` bytes are expected, in or out. */
void toy_send_as(unsigned nexus, const uint8_t *cdb, size_t bytes,
    uint32_t expected, const void *out);

#define TOY_CDB(...)                      \
	(const uint8_t[]){ __VA_ARGS__ }, \
	    sizeof((const uint8_t[]){ __VA_ARGS__ })
#define TOY_SEND(expected, ...) \
	toy_send_as(0, TOY_CDB(__VA_ARGS__), (expected), NULL)

/* Fails unless the answer is this sense data. */
void toy_assert_sense(unsigned key, unsigned asc, unsigned ascq);

/* Takes the unit attention of power on away from a nexus. */
void toy_settle(unsigned nexus);

#endif
