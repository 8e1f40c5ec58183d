/*
 * odd_drive.h: a simple drive that may behave in ways which no drive model
 * describes.
 *
 * It is no model of vtl/: blocks go one by one through a buffer to a tape
 * without wraps.  Moves take a second.
 */
#ifndef SIM_CALIBRATE_TESTS_ODD_DRIVE_H
#define SIM_CALIBRATE_TESTS_ODD_DRIVE_H

#include <stddef.h>

#include "splitter/tape/tape.h"

enum { ODD_SPEEDS_MAX = 8 };

enum odd_rule {
	ODD_BELOW,   /* as the model has it */
	ODD_NEAREST, /* the speed nearest to the feed */
	ODD_FEED,    /* the feed itself, between the lowest and the highest */
	/* BELOW for a flush; the lowest for a start by the level */
	ODD_SLOW_START
};

struct odd_drive {
	struct tape tape; /* first: cast to this */

	/* Bytes, and seconds. */
	double speeds[ODD_SPEEDS_MAX];
	size_t speeds_count;
	enum odd_rule rule;
	double command, bus;
	double block_squared; /* s by byte squared: the time of a long block */
	double buffer;
	/* The level is buffer x (restart + restart_by_feed x feed / bus). */
	double restart, restart_by_feed;
	double hitch;       /* at the highest speed */
	double hitch_power; /* it goes with this power of the speed */
	double hitch_short; /* how much shorter it is below 100 MB/s */
	double delay;
	uint64_t fails_at; /* the write, from 1, that fails; 0: none */
	uint64_t astray;   /* added to each file of a locate */

	/* Its state: all zeros at first. */
	double now, free, speed, began, oldest;
	double came, waited; /* since the last start: bytes, and seconds */
	double fill;
	int streaming;
	size_t first, count;
	struct odd_block {
		double bytes, at;
	} queue[1 << 16];
	uint64_t file, object;
	uint64_t writes;
};

/* Sets the interface, and constants that a model describes. */
void odd_drive_init(struct odd_drive *odd);

#endif
