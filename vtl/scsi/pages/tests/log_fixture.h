/* log_fixture.h: a device whose log pages are read. */
#ifndef VTL_LOG_FIXTURE_H
#define VTL_LOG_FIXTURE_H

#include "vtl/scsi/pages/tests/pages_fixture.h"

enum { LOG_MB = 1000000 };

extern struct pages_fixture log_on;

/* For tcase_add_checked_fixture(): an LTO-8 drive, or a changer. */
void log_drive(void);
void log_changer(void);
void log_tear_down(void);

/* Reads a page; the second form checks that it is good. */
void log_sense_as(unsigned control, unsigned page, unsigned subpage,
    uint16_t first);
void log_sense(unsigned page);

/* Returns the parameter of the page that was read. */
const uint8_t *log_find(uint16_t code);

/* Reads a page, and returns the value of a parameter. */
uint64_t log_value(unsigned page, uint16_t code);

/* Writes blocks of 1 MB, and 1 filemark. */
void log_write_blocks(unsigned count);

/* Sets the flags 3, 4 and 6 and counts an error: a write fails. */
void log_fail_a_write(void);

#endif
