/*
 * impl.h: what the readers of faults and of the behaviour of drives share.
 *
 *     value_json.c   values as a scenario writes them
 *     fault_value.c  values that several kinds of faults have
 *     defect.c       defects of volumes
 *     drive_fault.c  faults of drives
 *     fault.c        the key `faults`
 *     behaviour.c    how drives differ from their models
 *     entry.c, entry_print.c
 *                    single faults and behaviours, for libraries on disk
 *
 * A file calls only files above it in this list.
 */
#ifndef SIM_SCENARIO_FAULTS_IMPL_H
#define SIM_SCENARIO_FAULTS_IMPL_H

#include "sim/scenario/reader.h"

/*
 * Returns the value at `value` as a scenario writes it: a new reference.  The
 * key has one of the types of key_read_value().  Returns NULL if the value
 * is 0, false or the first choice, unless the key is required.
 */
struct json_t *scenario_value_json(const struct key *key, const void *value);
struct json_t *scenario_size_json(uint64_t bytes);

/* The key `unreached` of these kinds of faults. */
#define SCENARIO_UNREACHED_KEY(of_kinds)                                     \
	{                                                                    \
		.name = "unreached", .type = KEY_BOOLEAN,                    \
		.words = key_boolean_words, .kinds = (of_kinds),             \
		KEY_MEMBER(struct scenario_fault, unreached),                \
		.check = scenario_check_unreached, .initial = "false",       \
		.example = "true",                                           \
		.meaning = "`true`: the scenario shows that this fault "     \
			   "never strikes.",                                 \
		.detail = "The scenario fails if a fault never struck, "     \
			  "unless it is `unreached`; and if an `unreached` " \
			  "fault struck."                                    \
	}
void scenario_check_unreached(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node);

/* Readers of values that several kinds of faults have in common. */
void scenario_read_fault_volume(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node);
void scenario_read_sense(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node);

#endif
