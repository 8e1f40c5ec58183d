/*
 * mtx_status.h: what "mtx status" prints.
 *
 * Data Transfer Element 0:Full (Storage Element 3 Loaded):VolumeTag = A00003L8
 * Data Transfer Element 1:Empty
 *       Storage Element 1:Full :VolumeTag=A00001L8
 *       Storage Element 2:Empty
 *       Storage Element 3 IMPORT/EXPORT:Empty
 *
 * Other lines are for persons.  A line that begins like one of these and
 * continues differently is an error.
 */
#ifndef SPLITTER_CHANGER_MTX_STATUS_H
#define SPLITTER_CHANGER_MTX_STATUS_H

#include "splitter/changer/inventory.h"

/*
 * Adds the elements to an inventory, which is empty before.  `text` is changed.
 * 0; -1 with a message: a line is not as above, there is no drive or no slot,
 * or an element is there twice.
 */
int mtx_status_parse(char *text, struct inventory *inventory, char *err,
    size_t err_bytes);

#endif
