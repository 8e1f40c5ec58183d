/* task_function.h: performs task management functions, for tests of task sets. */
#ifndef VTL_ISCSI_TARGET_TASK_FUNCTION_H
#define VTL_ISCSI_TARGET_TASK_FUNCTION_H

#include "vtl/iscsi/target/task_set.h"

/*
 * Performs a function, and waits until it has ended.  Returns how many tasks it
 * ended; *here, unless NULL, is whether this thread has ended it: no other thread
 * was at work.
 */
size_t task_function_perform(struct iscsi_task_set *set,
    const struct iscsi_abort *which, bool resets, bool *here);

/* LOGICAL UNIT RESET. */
size_t task_function_reset(struct iscsi_task_set *set);

#endif
