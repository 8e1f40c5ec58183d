/*
 * release.h: restores a tape drive that a killed run left.
 *
 * A public header of libsplitter, installed as <tapelab/release.h>.
 *
 * A run on a drive reserves it for this host, locks its door and may change its
 * settings.  It restores all of that at its end, also after an error, SIGINT or
 * SIGTERM.  After SIGKILL or a crash splitter_release() does it.
 *
 * The next run on the same drive also restores it, so this function is needed
 * only to give the drive to others.
 */
#ifndef SPLITTER_API_RELEASE_H
#define SPLITTER_API_RELEASE_H

#include "splitter.h"

#ifdef __cplusplus
extern "C" {
#endif

struct splitter_release_config {
	size_t config_bytes; /* as in struct splitter_config */
	unsigned api;
	/* any node of the drive: /dev/nst0, /dev/sg3, /dev/tape/by-id/... */
	const char *device;
	/*
	 * Folder of the records of runs; NULL: tapelab/ in $XDG_STATE_HOME, or
	 * in ~/.local/state.
	 */
	const char *state_folder;

	void *arg; /* of the functions below; any of them may be NULL */
	/* Sleeps; false: do not wait any longer for the drive. */
	bool (*sleep)(void *arg, int64_t ns);
	/* Receives a sentence about each thing that was done or found. */
	void (*notice)(void *arg, const char *message);

	/*
	 * How long to wait for a command that an earlier program left running,
	 * and then for the drive to become ready; default 2 min.  Of a drive that
	 * only does not become ready what needs no cartridge is released.
	 */
	int64_t wait_ns;
};

/* Sets the default of wait_ns; else 0 and NULL, except the first two. */
void splitter_release_config_init(struct splitter_release_config *config,
    size_t config_bytes, unsigned api);

/*
 * Removes what runs of this host left on the drive: the registration and
 * reservation with a key of this host, the lock of the door, changed settings.
 * Reports what it finds of other programs and hosts, and leaves it.  Returns 0;
 * 1 with a message if something could not be restored, or a run still uses the
 * drive; -1 with a message if the drive cannot be used at all.
 */
int splitter_release(const struct splitter_release_config *config, char *err,
    size_t err_bytes);

#ifdef __cplusplus
}
#endif

#endif
