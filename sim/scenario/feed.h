/*
 * feed.h: the readers of the keys of a feed.
 *
 * Private to this room.  Each reads a value of the feed of the dump that is
 * being read.
 */
#ifndef SIM_SCENARIO_FEED_H
#define SIM_SCENARIO_FEED_H

#include "sim/source/feed.h"
#include "vtl/yaml/key_reader.h"

/* Reads one value or a range into a struct feed_draw at the key's offset. */
void feed_key_range(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node);
/* Reads one value into a uint64_t at the key's offset. */
void feed_key_one(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node);
/* Reads the mean of a lognormal distribution, for a check with its median. */
void feed_key_mean(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node);
/* Reads a time or a size. */
void feed_key_every(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node);
void feed_key_stretch(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node);
/* Reads the trace in a file. */
void feed_key_trace(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node);
/* Reads a kind of feed, with the keys of its own map. */
void feed_key_kind(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node);

#endif
