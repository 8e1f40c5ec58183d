/* temporary.h: the folder for files that a command removes when it ends. */
#ifndef SPLITTER_TEMPORARY_H
#define SPLITTER_TEMPORARY_H

/* TMPDIR, or /tmp if that is not set.  Never NULL. */
const char *temporary_folder(void);

#endif
