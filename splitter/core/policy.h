/*
 * policy.h: what to do after an attempt has ended.
 *
 * The default is a pure function of the attempt and its history.  A program
 * that embeds the splitter may bring its own, with an argument of its own; in
 * real time it may wait there for whoever decides, with the volume still
 * loaded, while the producer fills the buffer.  RETRY for an attempt that
 * cannot be retried is taken as GIVE_UP, and a retry still ends at the limits
 * on volumes.
 */
#ifndef SPLITTER_POLICY_H
#define SPLITTER_POLICY_H

#include "splitter/core/core.h"

typedef enum splitter_decision policy_fn(void *arg,
    const struct core_report *report);

/* Goes on after a committed part, retries what can be retried; no `arg`. */
enum splitter_decision policy_default(void *arg,
    const struct core_report *report);

#endif
