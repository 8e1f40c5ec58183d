/*
 * impl.h: what the readers of steps share.
 *
 *     step_value.c  values of steps
 *     step.c        the key `steps`
 *     step_check.c  whether the steps are possible in their order
 *
 * A file calls only files above it in this list.
 */
#ifndef SIM_SCENARIO_STEPS_IMPL_H
#define SIM_SCENARIO_STEPS_IMPL_H

#include "sim/scenario/reader.h"

/* Read dumps by name, and volumes as scenario_find_volume(); lists may be a
 * single value. */
void scenario_read_step_dumps(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node);
void scenario_read_step_volume(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node);
void scenario_read_step_volumes(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node);
void scenario_read_step_place(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node);
void scenario_read_step_model(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node);
void scenario_read_step_cleaning(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node);

#endif
