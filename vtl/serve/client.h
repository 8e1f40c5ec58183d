/*
 * client.h: how a command reaches the server of a library (control.h).
 *
 * A client is used by one thread at a time.
 */
#ifndef VTL_SERVE_CLIENT_H
#define VTL_SERVE_CLIENT_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "vtl/serve/serve.h"

struct serve_client;

/*
 * Connects to the server of the library in a folder.  NULL: no server serves
 * it, and `message` is "", or it cannot be reached, and `message` says why.
 */
struct serve_client *serve_client_open(const char *folder,
    char message[SERVE_MESSAGE_BYTES]);

/* NULL is allowed. */
void serve_client_close(struct serve_client *client);

/*
 * How long an answer may take: a move waits until the drive has written its
 * buffer, which may have a gibibyte, and until other requests are done.
 */
#define SERVE_ANSWER_NS INT64_C(600000000000)

/*
 * Sends a request and waits for the answer, at most SERVE_ANSWER_NS.  Takes the
 * reference of `request`.  Returns the answer, whose reference the caller owns;
 * NULL and a message if the server refused or did not answer.
 */
json_t *serve_client_ask(struct serve_client *client, json_t *request,
    char message[SERVE_MESSAGE_BYTES]);

/* The same: waits at most until clock_now_ns() is `until_ns`. */
json_t *serve_client_ask_until(struct serve_client *client, json_t *request,
    int64_t until_ns, char message[SERVE_MESSAGE_BYTES]);

/*
 * Connects to the server and asks for its events, as serve_client_ask_until().
 * NULL as of serve_client_open(), or a message why the server refused.
 */
struct serve_client *serve_client_subscribe(const char *folder,
    int64_t until_ns, char message[SERVE_MESSAGE_BYTES]);

/*
 * Waits for the next event until clock_now_ns() is `until_ns`, or a signal
 * arrives.  Returns the event, whose reference the caller owns; NULL: none came
 * in time, or *ended is set because the server has ended.
 */
json_t *serve_client_event(struct serve_client *client, int64_t until_ns,
    bool *ended);

#endif
