/*
 * buffer.c: memory for the data of commands, counted, and used again.
 *
 * A large block that malloc() returns is new to the process: each of its pages
 * costs a fault.  Commands of a tape have the same length one after another, so
 * a few buffers are kept for the next one of this length.
 */
#include "vtl/iscsi/target/impl.h"

#include <stdlib.h>

enum {
	KEPT_MIN_BYTES = 64 * 1024,   /* smaller ones cost nothing */
	KEPT_BYTES = 4 * 1024 * 1024, /* in sum */
};

static size_t kept_bytes(const struct iscsi_connection *c)
{
	size_t bytes = 0;

	for (size_t i = 0; i < ISCSI_SPARES; i++)
		bytes += c->spares[i].bytes;
	return bytes;
}

void iscsi_buffer_drop(struct iscsi_connection *c)
{
	for (size_t i = 0; i < ISCSI_SPARES; i++) {
		free(c->spares[i].data);
		c->spares[i] = (struct iscsi_spare){ 0 };
	}
}

bool iscsi_buffer_charge(struct iscsi_connection *c, size_t bytes)
{
	if (c->charged_bytes + kept_bytes(c) + bytes > ISCSI_SESSION_BYTES)
		iscsi_buffer_drop(c);
	if (c->charged_bytes + bytes > ISCSI_SESSION_BYTES)
		return false;
	c->charged_bytes += bytes;
	return true;
}

void *iscsi_buffer_get(struct iscsi_connection *c, size_t bytes)
{
	for (size_t i = 0; i < ISCSI_SPARES; i++) {
		struct iscsi_spare *spare = &c->spares[i];
		void *data = spare->data;

		if (spare->bytes != bytes)
			continue;
		*spare = (struct iscsi_spare){ 0 };
		return data;
	}
	return malloc(bytes);
}

void iscsi_buffer_put(struct iscsi_connection *c, void *data, size_t bytes)
{
	size_t i = 0;

	c->charged_bytes -= bytes;
	while (i < ISCSI_SPARES && c->spares[i].bytes > 0)
		i++;
	if (data == NULL || bytes < KEPT_MIN_BYTES || bytes > KEPT_BYTES) {
		free(data);
		return;
	}
	/* The initiator may have changed its length. */
	if (i == ISCSI_SPARES || kept_bytes(c) + bytes > KEPT_BYTES) {
		iscsi_buffer_drop(c);
		i = 0;
	}
	c->spares[i] = (struct iscsi_spare){ .data = data, .bytes = bytes };
}
