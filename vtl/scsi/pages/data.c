/* data.c: data-in that is made of fields; see impl.h. */
#include "vtl/scsi/pages/impl.h"

#include <assert.h>
#include <string.h>

void pages_put_zeros(struct pages_data *data, size_t bytes)
{
	assert(bytes <= sizeof data->bytes - data->used);
	memset(data->bytes + data->used, 0, bytes);
	data->used += bytes;
}

void pages_put_bytes(struct pages_data *data, const void *from, size_t bytes)
{
	pages_put_zeros(data, bytes);
	memcpy(data->bytes + data->used - bytes, from, bytes);
}

void pages_put(struct pages_data *data, uint64_t value, unsigned bytes)
{
	pages_put_zeros(data, bytes);
	put_be(data->bytes + data->used - bytes, value, bytes);
}

void pages_put_text(struct pages_data *data, const char *text, size_t bytes)
{
	size_t n = strnlen(text, bytes);

	pages_put_bytes(data, text, n);
	pages_put_zeros(data, bytes - n);
	memset(data->bytes + data->used - (bytes - n), ' ', bytes - n);
}

void pages_put_flags(struct pages_data *data, uint64_t flags)
{
	uint64_t bits = 0;

	for (unsigned i = 0; i < 64; i++)
		bits |= (flags >> i & 1) << (63 - i);
	pages_put(data, bits, 8);
}

void pages_set_length(struct pages_data *data, size_t field, unsigned bytes)
{
	put_be(data->bytes + field, data->used - field - bytes, bytes);
}

void pages_reply(struct device_call *call, const struct pages_data *data,
    uint64_t allocation)
{
	device_reply_begin(call, allocation);
	device_reply(call, data->bytes, data->used);
}
