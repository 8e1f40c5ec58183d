/*
 * hands.h: what a person or a changer does to the first drive of accept_drive.h
 * during a run, and what is on the other cartridge afterwards.
 */
#ifndef SIM_ACCEPT_TESTS_HANDS_H
#define SIM_ACCEPT_TESTS_HANDS_H

#include "splitter/real/real.h"

/*
 * A person takes the cartridge out by force, and puts in the other one, or the same
 * one again.
 */
void hands_take_out(void);
void hands_exchange(void);
void hands_put_in_again(void);

/* The robot brings the other cartridge. */
void hands_bring_other(void);

/* From now on the memory of no cartridge can be read. */
void hands_hide_memory(void);

/*
 * For accept_drive.change: the changer fails, or brings the other cartridge, and
 * says so or not.  The last one hides the memory, too.
 */
int hands_jam(const struct real_wanted *wanted, char *barcode, char *why,
    size_t why_bytes);
int hands_bring_other_under_its_name(const struct real_wanted *wanted,
    char *barcode, char *why, size_t why_bytes);
int hands_bring_other_under_the_wanted_name(const struct real_wanted *wanted,
    char *barcode, char *why, size_t why_bytes);
int hands_bring_other_without_memory(const struct real_wanted *wanted,
    char *barcode, char *why, size_t why_bytes);

/* Another program writes a block on the other cartridge, before the run. */
void hands_write_other(void);

/*
 * Fail the test unless the other cartridge is blank, or has the block of the other
 * program.  It is in the drive then.
 */
void hands_other_is_blank(void);
void hands_other_is_foreign(void);

#endif
