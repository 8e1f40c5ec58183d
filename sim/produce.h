/*
 * produce.h: feeds the engine in real time from a dump's content.
 *
 * The calling thread is the producer: it reads straight into the buffer, and
 * sleeps where the feed has a rate.
 */
#ifndef SIM_PRODUCE_H
#define SIM_PRODUCE_H

#include "sim/content.h"
#include "sim/feed.h"
#include "splitter/transfer.h"

/*
 * Runs a dump.  Returns 0, or -1 with a message in `err` if it could not be
 * begun.  A source that fails ends the dump as FAILED, with a message in
 * `trouble`.
 */
int produce_run(const struct transfer_config *config, struct feed *feed,
    struct content *content, struct transfer_outcome *outcome,
    char *trouble, size_t trouble_bytes, char *err, size_t err_bytes);

#endif
