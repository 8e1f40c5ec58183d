/*
 * library_tapes.h: the tapes of a virtual library, for the tools of
 * splitter/tool.
 *
 * A tape_library that loads only the named volumes, if names are given, and
 * remembers which volume it could not load; and the queries of struct
 * tapes_ops, except may_overwrite() and close().
 *
 * One thread at a time.
 */
#ifndef SIM_LIBRARY_TAPES_H
#define SIM_LIBRARY_TAPES_H

#include "splitter/tool/tapes.h"
#include "vtl/library/library.h"

struct library_tapes {
	struct tapes tapes; /* first: cast to this */
	/* Use only these volumes, in this order; 0: all. */
	const char *const *volumes;
	size_t volumes_count;
	/* Set by library_tapes_init(). */
	struct library *library; /* NULL: a real drive */
	struct tape_library chosen;
	struct tape_library *inner;
	size_t next;
	struct tapes_missed missed;
};

/*
 * Makes `t->chosen` hand out the named volumes of `inner`, which is `library`
 * or a real drive.  The caller sets `tapes.ops` and `tapes.library`.
 */
void library_tapes_init(struct library_tapes *t, struct library *library,
    struct tape_library *inner);

/* Members of struct tapes_ops, for a struct that begins with this one. */
void library_tapes_take_missed(struct tapes *tapes,
    struct tapes_missed *missed);
int library_tapes_each(struct tapes *tapes,
    bool (*each)(void *arg, const char *barcode, const char *why), void *arg,
    char *err, size_t err_bytes);
int library_tapes_inherit(struct tapes *tapes, const struct tapes *from);
void library_tapes_each_lost(struct tapes *tapes,
    void (*each)(void *arg, const char *barcode, bool lost, const char *why),
    void *arg);

#endif
