/*
 * ssc_fixture.h: a drive as a device, for tests: commands are bytes, and the
 * answers are compared as text.  The drive and the volume are those of
 * drive_fixture.h, with payload.
 */
#ifndef VTL_SSC_FIXTURE_H
#define VTL_SSC_FIXTURE_H

#include "vtl/drive/drive.h"
#include "vtl/scsi/ssc/ssc.h"

enum { SSC_ROOM = 1 << 16 };

struct ssc_fixture {
	struct scsi *unit;
	struct device *device;
	struct volume *volume;
	unsigned nexus;
	const atomic_bool *ended; /* see struct device_command */
	int64_t now_ns;
	uint8_t in[SSC_ROOM], out[SSC_ROOM];
	struct device_answer answer; /* of the last command */
};

/*
 * Makes the device, and loads a volume of this spec (NULL: that of
 * fixture_spec() with payload).  Nexus 0 has no unit attention.
 */
void ssc_make(struct ssc_fixture *fixture, const struct drive_options *options,
    const struct volume_spec *spec);

/* Frees everything.  The volume stays. */
void ssc_finish(struct ssc_fixture *fixture);

/* Ends, and begins with a new volume. */
void ssc_remake(struct ssc_fixture *fixture,
    const struct drive_options *options, const struct volume_spec *spec);

/* Writes objects: a length is a block, 0 is a filemark. */
void ssc_write_objects(struct ssc_fixture *fixture, const unsigned *lengths,
    size_t count);

/*
 * Executes the command whose bytes are written in hexadecimal, with `expected`
 * bytes to transfer, out of `out` or into `in`, which is filled with A5h.
 */
void ssc_do(struct ssc_fixture *fixture, const char *cdb, uint32_t expected);

/* The same; the test fails unless the answer is this text: see ssc_text(). */
void ssc_expect(struct ssc_fixture *fixture, const char *cdb, uint32_t expected,
    const char *text);

/*
 * Returns the last answer as text: "good"; or the fixed sense data,
 * "KEY/ASC/ASCQ", followed by f (FM), e (EOM), i (ILI), d (deferred), and by
 * "=N" if INFORMATION is valid; or "status N".  Then " in N" with data-in, and
 * " residual N" unless that is 0.
 */
const char *ssc_text(const struct ssc_fixture *fixture);

/* Returns the data-in as hexadecimal digits. */
const char *ssc_hex(const struct ssc_fixture *fixture);

/* Executes the command, and compares the data-in. */
void ssc_expect_hex(struct ssc_fixture *fixture, const char *cdb,
    uint32_t expected, const char *hex);

/* Returns the position as "OBJECT,FILE". */
const char *ssc_position(struct ssc_fixture *fixture);

/* Returns how many bytes at the end of the room no command has written. */
size_t ssc_untouched(const struct ssc_fixture *fixture);

/* MODE SELECT of the block length. */
void ssc_set_block(struct ssc_fixture *fixture, uint32_t bytes);

#endif
