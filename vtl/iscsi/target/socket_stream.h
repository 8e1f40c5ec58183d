/* socket_stream.h: a connected socket as a stream. */
#ifndef VTL_ISCSI_SOCKET_STREAM_H
#define VTL_ISCSI_SOCKET_STREAM_H

#include "vtl/iscsi/target/stream.h"

struct socket_stream {
	int fd;
	int wake_fd;
};

/*
 * Takes a connected socket: sets TCP_NODELAY and TCP keep-alive, so that an
 * initiator that vanished is noticed.  Returns false, and closes it, without
 * another descriptor.
 */
bool socket_stream_open(struct socket_stream *socket, int fd);

/* Closes it; no other thread uses the stream any more. */
void socket_stream_close(struct socket_stream *socket);

/* The stream; valid as long as the socket. */
struct iscsi_stream socket_stream(struct socket_stream *socket);

#endif
