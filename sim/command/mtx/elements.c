/* elements.c: the elements of a library, as mtx numbers them. */
#include "sim/command/mtx/impl.h"

#include <stdio.h>

#include "splitter/base/units.h"
#include "sim/command/vtl/vtl.h"

unsigned mtx_slot_number(const struct mtx *m, unsigned address)
{
	if (address >= CHANGER_SLOT_ADDRESS)
		return address - CHANGER_SLOT_ADDRESS + 1;
	if (address >= CHANGER_IE_ADDRESS && address < CHANGER_DRIVE_ADDRESS)
		return m->slots + address - CHANGER_IE_ADDRESS + 1;
	return 0;
}

const struct changer_element *mtx_element(const struct mtx *m, unsigned address)
{
	size_t i;

	for (i = 0; i < m->count; i++)
		if (m->elements[i].address == address)
			return &m->elements[i];
	return NULL;
}

const struct changer_element *mtx_slot(const struct mtx *m, uint64_t number)
{
	if (number >= 1 && number <= m->slots)
		return mtx_element(m,
		    CHANGER_SLOT_ADDRESS + (unsigned)number - 1);
	if (number > m->slots && number <= m->slots + m->ie_slots)
		return mtx_element(m,
		    CHANGER_IE_ADDRESS + (unsigned)number - m->slots - 1);
	return NULL;
}

int mtx_read_library(struct mtx *m)
{
	size_t i;
	int status = vtl_report_status(m->changer,
	    changer_list(m->changer, &m->elements, &m->count));

	for (i = 0; i < m->count; i++) {
		m->slots += m->elements[i].kind == CHANGER_KIND_SLOT;
		m->ie_slots += m->elements[i].kind == CHANGER_KIND_IE;
		m->drives += m->elements[i].kind == CHANGER_KIND_DRIVE;
	}
	return status;
}

uint64_t mtx_argument(const struct mtx *m, size_t i)
{
	uint64_t value = 0;
	char err[256];

	if (i < m->words_count)
		units_parse_count(m->words[i], 0, UINT32_MAX, &value, err,
		    sizeof err);
	return value;
}

bool mtx_find_slot(const struct mtx *m, uint64_t n,
    const struct changer_element **found)
{
	*found = mtx_slot(m, n);
	if (*found == NULL)
		fprintf(stderr,
		    "mtx: there is no Storage Element %ju: they are 1 to %u\n",
		    (uintmax_t)n, m->slots + m->ie_slots);
	return *found != NULL;
}

bool mtx_find_drive(const struct mtx *m, uint64_t n,
    const struct changer_element **found)
{
	*found = n < m->drives
	    ? mtx_element(m, CHANGER_DRIVE_ADDRESS + (unsigned)n)
	    : NULL;
	if (*found == NULL)
		fprintf(stderr,
		    "mtx: there is no Data Transfer Element %ju: they are 0 to "
		    "%u\n",
		    (uintmax_t)n, m->drives - 1);
	return *found != NULL;
}
