/*
 * policy.h: what to do after an attempt has ended.
 *
 * The default is a pure function of the attempt and its history.  A program
 * that embeds the splitter may supply its own policy, with an argument.  In
 * real time it may wait for a decision, with the volume still loaded, while the
 * producer fills the buffer.  RETRY for an attempt that cannot be retried is
 * treated as GIVE_UP, and retries still end at the limits on volumes.
 */
#ifndef SPLITTER_POLICY_H
#define SPLITTER_POLICY_H

#include "splitter/core/core.h"

typedef enum splitter_decision policy_fn(void *arg,
    const struct core_report *report);

/*
 * Continues after a committed part and retries a failed part if possible;
 * ignores `arg`.
 */
enum splitter_decision policy_default(void *arg,
    const struct core_report *report);

#endif
