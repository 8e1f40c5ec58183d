/*
 * smc_fixture.h: a changer whose library is a list of elements in memory, which
 * reports moves as the test says, and executes commands that the test gives as
 * text.
 */
#ifndef VTL_SMC_FIXTURE_H
#define VTL_SMC_FIXTURE_H

#include "vtl/scsi/smc/smc.h"

enum { ROBOT_ELEMENTS = 16, ROBOT_DRIVES = 3, ROBOT_ROOM = 8192 };

struct robot {
	struct smc *smc;
	struct changer_element elements[ROBOT_ELEMENTS];
	size_t count;
	struct smc_drive drives[ROBOT_DRIVES];
	bool unreadable;            /* the elements cannot be listed */
	enum changer_reason reason; /* of the next moves */
	int64_t takes_ns;           /* duration of a move */
	/* what was asked of the library */
	unsigned moves, positions, inventories;
	struct smc_move move;
	unsigned address, first, last;
	/* the last answer */
	struct device_answer answer;
	uint8_t in[ROBOT_ROOM];
	uint8_t out[32]; /* data-out of the next commands */
};

extern const struct smc_library robot_library;

/* Identities of three drives. */
extern const struct device_identity robot_identities[ROBOT_DRIVES];

/*
 * Makes a library of a robot, two import/export slots, three drives and three
 * slots.  Slot 1 holds A00001L8, slot 2 CLN001CU, slot 3 nothing.  Drive 0 has
 * loaded A00002LY of slot 3, drive 1 is empty, drive 2 holds A00004L8, which it
 * has unloaded.  Import/export slot 1 holds A00003L8, put there by a person.
 * Nexus 0 has no unit attention.
 */
void robot_make(struct robot *f, const struct smc_options *options);
void robot_free(struct robot *f);

/*
 * Executes a command of a nexus; `cdb` is hexadecimal, with blanks: "b8 10".
 * `expected` is the expected length.
 */
void robot_command(struct robot *f, unsigned nexus, const char *cdb,
    uint32_t expected);

/* The same of nexus 0, expecting ROBOT_ROOM bytes. */
void robot_run(struct robot *f, const char *cdb);

/* Checks the answer: no sense data, or this. */
void robot_good(const struct robot *f);
void robot_fails(const struct robot *f, uint8_t key, uint8_t asc, uint8_t ascq);

/* Checks the data-in against hexadecimal text. */
void robot_data(const struct robot *f, const char *hex);

#endif
