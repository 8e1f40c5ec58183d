/* temporary.h: the folder for files that a command removes when it ends. */
#ifndef SPLITTER_TEMPORARY_H
#define SPLITTER_TEMPORARY_H

/* Returns TMPDIR, or /tmp if TMPDIR is not set.  Never returns NULL. */
const char *temporary_folder(void);

#endif
