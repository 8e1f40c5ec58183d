/* mode_fixture.h: a drive whose modes are read and set. */
#ifndef VTL_MODE_FIXTURE_H
#define VTL_MODE_FIXTURE_H

#include "vtl/scsi/pages/tests/pages_fixture.h"

enum { ALL = 0x3f /* page code of all pages */ };

extern struct pages_fixture mode_on;

/* For tcase_add_checked_fixture(): an LTO-8 drive. */
void mode_set_up(void);
void mode_tear_down(void);

/* Sends MODE SENSE (6) without and (10) with a block descriptor. */
void mode_sense_6(unsigned control, unsigned page, unsigned subpage);
void mode_sense_10(unsigned control, unsigned page, unsigned subpage);

/* Sends MODE SELECT (10) with this list. */
void mode_select_10(const uint8_t *list, size_t bytes);

#endif
