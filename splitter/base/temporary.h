/* temporary.h: where files that last as long as a command lie. */
#ifndef SIM_TEMPORARY_H
#define SIM_TEMPORARY_H

/* The folder that TMPDIR names; where it names none, /tmp.  Never NULL. */
const char *temporary_folder(void);

#endif
