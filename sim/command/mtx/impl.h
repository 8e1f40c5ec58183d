/*
 * impl.h: what the files of mtx share.
 *
 * elements.c knows how mtx numbers the elements, status.c prints them, move.c
 * moves cartridges between them; mtx.c reads the command line.
 */
#ifndef SIM_MTX_IMPL_H
#define SIM_MTX_IMPL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vtl/changer/changer.h"

struct mtx {
	struct changer *changer;
	struct changer_element *elements; /* by address */
	size_t count;
	unsigned slots, ie_slots, drives;
	bool barcodes;
	char **words; /* the arguments after the command */
	size_t words_count;
};

/* Reads all elements.  Returns a status of the command. */
int mtx_read_library(struct mtx *m);

/* Returns the number of a storage element in mtx; 0: not a storage element. */
unsigned mtx_slot_number(const struct mtx *m, unsigned address);

/* Returns the element at this address, or NULL. */
const struct changer_element *mtx_element(const struct mtx *m,
    unsigned address);

/* Returns the storage element with this number, or NULL. */
const struct changer_element *mtx_slot(const struct mtx *m, uint64_t number);

/*
 * Returns the number in argument `i`, which the command line was checked for;
 * 0: there is no such argument.
 */
uint64_t mtx_argument(const struct mtx *m, size_t i);

/*
 * Finds a slot or a drive.  Prints an error and returns false if it does not
 * exist.
 */
bool mtx_find_slot(const struct mtx *m, uint64_t number,
    const struct changer_element **found);
bool mtx_find_drive(const struct mtx *m, uint64_t number,
    const struct changer_element **found);

/* The commands.  Each returns a status of the command. */
int mtx_status(struct mtx *m);
int mtx_inventory(struct mtx *m);
int mtx_inquiry(struct mtx *m);
int mtx_load(struct mtx *m);
int mtx_unload(struct mtx *m);
int mtx_transfer(struct mtx *m);
int mtx_first(struct mtx *m);
int mtx_last(struct mtx *m);
int mtx_next(struct mtx *m);
int mtx_previous(struct mtx *m);

#endif
