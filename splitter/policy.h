/*
 * policy.h: what to do after an attempt has ended.
 *
 * A pure function of the attempt and its history.  A program that embeds the
 * splitter may bring its own; RETRY for an attempt that cannot be retried is
 * taken as GIVE_UP, and a retry still ends at the limits on volumes.
 */
#ifndef SPLITTER_POLICY_H
#define SPLITTER_POLICY_H

#include "splitter/core.h"

typedef enum core_answer policy_fn(const struct core_report *report);

/* Goes on after a committed part, retries what can be retried. */
enum core_answer policy_default(const struct core_report *report);

#endif
