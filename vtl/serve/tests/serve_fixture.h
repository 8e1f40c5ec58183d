/*
 * serve_fixture.h: a served library for tests: that of library_on_disk.h, whose
 * devices execute commands that the test gives as text.
 */
#ifndef VTL_SERVE_FIXTURE_H
#define VTL_SERVE_FIXTURE_H

#include "vtl/serve/client.h"
#include "vtl/serve/serve.h"

enum { SERVED_ROOM = 1 << 16 };

/* The devices of the library. */
enum { SERVED_CHANGER, SERVED_DRIVE_0, SERVED_DRIVE_1 };

#define SERVED_READY "00 00 00 00 00 00"
/* MOVE MEDIUM: slot 1 (1024) to drive 0 (256), and back */
#define SERVED_LOAD   "a5 00 00 01 04 00 01 00 00 00 00 00"
#define SERVED_UNLOAD "a5 00 00 01 01 00 04 00 00 00 00 00"

struct served {
	struct serve *serve;
	struct device_answer answer; /* of the last command */
	uint8_t in[SERVED_ROOM], out[SERVED_ROOM];
	char warned[SERVE_MESSAGE_BYTES]; /* the last warning */
	bool no_nexus;
};

/* Members of serve_options for the next server. */
extern int64_t served_patience_ns, served_look_ns, served_exchange_wait_ns;

/* Makes the library in the scratch folder, and serves it.  Initiator 0 and 1
 * are logged in, and have no unit attention. */
void served_make(struct served *s);

/* Serves a library that exists.  `clock` as in struct serve_options. */
void served_open(struct served *s, const struct pace_clock *clock);

/* Ends the server; the test fails unless all buffers were written. */
void served_end(struct served *s);

/*
 * Executes a command of a nexus on device `i`; `cdb` is hexadecimal.  `expected`
 * bytes go out of `out` or into `in`.  Returns "good" or "KEY/ASC/ASCQ".
 */
const char *served_do(struct served *s, unsigned nexus, size_t i,
    const char *cdb, uint32_t expected);

/* The same by nexus 0; the test fails unless the answer is "good", or this. */
void served_good(struct served *s, size_t i, const char *cdb,
    uint32_t expected);
void served_fails(struct served *s, size_t i, const char *cdb,
    uint32_t expected, const char *sense);

/* Asks the server over its socket, in the text of control.h.  Returns the
 * message of a refusal, or the answer without "ok". */
const char *served_ask(const char *request);

/* Connects to the control socket. */
int served_connect(void);

/* Returns the element of a cartridge in the library; 0: nowhere. */
unsigned served_where(const char *barcode);

#endif
