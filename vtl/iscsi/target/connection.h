/*
 * connection.h: a connection of an initiator, from its first byte to its last
 * (RFC 7143): login, then the full feature phase of a normal session or of a
 * discovery session.
 *
 * A connection is served by one thread.  It reads PDUs, answers what is not a
 * command of a task set itself, and never waits for a command, also not for one
 * that is aborted; so NOP-Out is answered while a tape winds or is synchronised.
 * A command that ends at once, such as a WRITE without payload, it executes itself
 * if the initiator sends one at a time.
 */
#ifndef VTL_ISCSI_CONNECTION_H
#define VTL_ISCSI_CONNECTION_H

#include "vtl/iscsi/target/node.h"
#include "vtl/iscsi/target/stream.h"

/* `portal` is what discovery advertises if no address is configured. */
struct iscsi_connection *iscsi_connection_create(struct iscsi_node *node,
    const struct iscsi_stream *stream, const char *address, const char *portal);

/*
 * Serves the connection until it ends.  Then all its commands are ended and its
 * nexus is lost; the stream is not used any more.
 */
void iscsi_connection_serve(struct iscsi_connection *connection);

/* Returns whether the login is complete.  Any thread. */
bool iscsi_connection_logged_in(struct iscsi_connection *connection);

/* Asks the initiator to log out.  Any thread. */
void iscsi_connection_ask_logout(struct iscsi_connection *connection);

/* Ends the connection, with a reason, from any thread. */
void iscsi_connection_end(struct iscsi_connection *connection,
    const char *reason);

/* After iscsi_connection_serve(), or without it.  NULL is allowed. */
void iscsi_connection_free(struct iscsi_connection *connection);

#endif
