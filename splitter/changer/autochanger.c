/* autochanger.c: see autochanger.h. */
#include "splitter/changer/autochanger.h"

void autochanger_close(struct autochanger *changer)
{
	if (changer != NULL)
		changer->ops->close(changer);
}
