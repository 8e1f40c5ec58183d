/* mode_page.c: the mode pages of a device as bytes. */
#include "vtl/scsi/pages/impl.h"

#include <string.h>

enum { SUBPAGE_FORMAT = 0x40, HEADER = 2, SUBPAGE_HEADER = 4 };

const struct pages_mode_pages *pages_modes(const struct device_call *call)
{
	return pages_is_changer(call) ? &pages_changer_modes
				      : &pages_drive_modes;
}

const struct pages_mode_page *pages_find_mode(const struct device_call *call,
    unsigned page, unsigned subpage)
{
	const struct pages_mode_pages *all = pages_modes(call);

	for (size_t i = 0; i < all->count; i++)
		if (all->pages[i].page == page &&
		    all->pages[i].subpage == subpage)
			return &all->pages[i];
	return NULL;
}

size_t pages_mode_header(const struct pages_mode_page *page)
{
	return page->subpage == 0 ? HEADER : SUBPAGE_HEADER;
}

/* Returns the length of the page. */
static size_t put_header(const struct pages_mode_page *page,
    const struct pages_mode *mode, uint8_t *bytes)
{
	size_t length = page->length != NULL ? page->length(mode) : page->bytes;

	memset(bytes, 0, PAGES_MODE_MAX);
	bytes[0] = page->page;
	if (page->subpage == 0) {
		bytes[1] = (uint8_t)(length - HEADER);
		return length;
	}
	bytes[0] |= SUBPAGE_FORMAT;
	bytes[1] = page->subpage;
	put_be16(bytes + 2, length - SUBPAGE_HEADER);
	return length;
}

size_t pages_put_mode(const struct pages_mode_page *page,
    const struct pages_mode *mode, uint8_t bytes[PAGES_MODE_MAX])
{
	size_t length = put_header(page, mode, bytes);

	if (page->put != NULL)
		page->put(mode, bytes);
	return length;
}

size_t pages_put_mask(const struct pages_mode_page *page,
    const struct pages_mode *mode, uint8_t bytes[PAGES_MODE_MAX])
{
	size_t length = put_header(page, mode, bytes);
	size_t header = pages_mode_header(page);

	if (page->mask != NULL)
		memcpy(bytes + header, page->mask + header, length - header);
	return length;
}
