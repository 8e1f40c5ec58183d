/* buffer.c: memory for the data of commands, counted; see impl.h. */
#include "vtl/iscsi/target/impl.h"

bool iscsi_buffer_charge(struct iscsi_connection *c, size_t bytes)
{
	if (c->charged_bytes + block_pool_unused(c->pool) + bytes >
	    ISCSI_SESSION_BYTES)
		block_pool_trim(c->pool);
	if (c->charged_bytes + bytes > ISCSI_SESSION_BYTES)
		return false;
	c->charged_bytes += bytes;
	return true;
}

void *iscsi_buffer_get(struct iscsi_connection *c, size_t bytes)
{
	return block_pool_get(c->pool, bytes);
}

void iscsi_buffer_put(struct iscsi_connection *c, void *data, size_t bytes)
{
	c->charged_bytes -= bytes;
	block_drop(data);
}
