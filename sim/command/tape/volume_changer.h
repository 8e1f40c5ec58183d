/*
 * volume_changer.h: who puts the next volume into a drive: a robot, a command,
 * or the person at the terminal.
 */
#ifndef SIM_VOLUME_CHANGER_H
#define SIM_VOLUME_CHANGER_H

#include "sim/command/tape/tapes.h"
#include "splitter/api/st.h"

struct volume_changer;

/*
 * Opens what the options name.  With --changer it is proven which drive of the
 * changer spec->device is, and the barcode of the volume in it is stored; ""
 * otherwise.  `reading`: nothing will be written.  The drive must not be open.
 * Returns NULL with a message.
 */
struct volume_changer *volume_changer_open(const struct tapes_spec *spec,
    bool reading, char barcode[TAPE_BARCODE_BYTES], char *err,
    size_t err_bytes);

/* Whether a robot takes the volumes, so that the drive must eject them. */
bool volume_changer_is_robot(const struct volume_changer *changer);

/* Whether a person at the terminal changes the volumes. */
bool volume_changer_is_person(const struct volume_changer *changer);

/*
 * Returns in which element of a robot the drive is, and how that was proven;
 * NULL without a robot.
 */
const char *volume_changer_element(const struct volume_changer *changer);

/* Whether a volume was asked for. */
bool volume_changer_used(const struct volume_changer *changer);

/* A `change` function of the library of a drive; `arg` is the changer. */
int volume_changer_change(void *arg, const struct splitter_st_wanted *wanted,
    char barcode[TAPE_BARCODE_BYTES], char *err, size_t err_bytes);

/* A person has agreed that the changer moves cartridges: see tapes_spec. */
void volume_changer_agreed(struct volume_changer *changer);

/*
 * Has a robot put the volumes into their slots, and prints which are not there.
 * They stay where they are if no person has agreed to a move.  The drive must be
 * closed.  NULL is allowed.
 */
void volume_changer_close(struct volume_changer *changer);

#endif
