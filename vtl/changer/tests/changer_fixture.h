/* changer_fixture.h: the small library in memory of the changer's tests. */
#ifndef VTL_CHANGER_FIXTURE_H
#define VTL_CHANGER_FIXTURE_H

#include "vtl/changer/changer.h"

/*
 * Makes a library with drives lto8 and lto7, and one import/export slot.  Its 4
 * slots hold A00001L8, A00002L7, CLN001CU, and nothing.
 */
struct changer *changer_fixture(void);

/* Addresses; drives are counted from 0, slots from 1. */
unsigned fixture_slot(unsigned number);
unsigned fixture_drive(unsigned number);

enum changer_status fixture_put(struct changer *c, unsigned address,
    const char *barcode, const char *file);

/* Returns the element of a cartridge; 0: nowhere. */
unsigned fixture_where(struct changer *c, const char *barcode);

#endif
