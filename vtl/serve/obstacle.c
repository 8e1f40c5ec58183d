/*
 * obstacle.c: waits until no command is executed, for what needs all drives.
 *
 * All devices are stopped for a moment at most: a command that has not ended by
 * then takes long.  The other devices work until it has ended; its own begins no
 * other command, so that it is idle at the next attempt.
 */
#include "vtl/serve/impl.h"

#include <string.h>

#define MOMENT_NS INT64_C(250000000)

/* Returns whether the command that was waited for is still in progress. */
static bool is_same(struct serve *serve)
{
	struct device_progress now;

	if (serve->obstacle_progress.number == 0)
		return false;
	device_get_progress(serve->units[serve->obstacle].device, &now);
	return now.number == serve->obstacle_progress.number;
}

bool serve_stop_commands(struct serve *serve)
{
	const struct serve_transport *t = &serve->transport;

	if (is_same(serve))
		return false;
	serve->obstacle_progress.number = 0;
	if (t->stop == NULL || t->stop(t->arg, MOMENT_NS, &serve->obstacle))
		return true;
	device_get_progress(serve->units[serve->obstacle].device,
	    &serve->obstacle_progress);
	return false;
}

void serve_continue_commands(struct serve *serve)
{
	const struct serve_transport *t = &serve->transport;

	serve->obstacle_progress.number = 0;
	if (t->stop != NULL)
		t->go_on(t->arg);
}

/* Returns the name of a command that can take long; NULL: of another one. */
static const char *name_of(uint8_t opcode)
{
	static const struct {
		uint8_t opcode;
		const char *name;
	} names[] = {
		{ 0x01, "REWIND" },
		{ 0x04, "FORMAT MEDIUM" },
		{ 0x07, "INITIALIZE ELEMENT STATUS" },
		{ 0x08, "READ(6)" },
		{ 0x0a, "WRITE(6)" },
		{ 0x10, "WRITE FILEMARKS(6)" },
		{ 0x11, "SPACE(6)" },
		{ 0x13, "VERIFY(6)" },
		{ 0x15, "MODE SELECT(6)" },
		{ 0x19, "ERASE(6)" },
		{ 0x1b, "LOAD UNLOAD" },
		{ 0x2b, "LOCATE(10)" },
		{ 0x55, "MODE SELECT(10)" },
		{ 0x80, "WRITE FILEMARKS(16)" },
		{ 0x8f, "VERIFY(16)" },
		{ 0x91, "SPACE(16)" },
		{ 0x92, "LOCATE(16)" },
		{ 0x93, "ERASE(16)" },
		{ 0xa5, "MOVE MEDIUM" },
	};

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (names[i].opcode == opcode)
			return names[i].name;
	return NULL;
}

void serve_describe_obstacle(struct serve *serve, char *text, size_t bytes)
{
	const struct device_progress *p = &serve->obstacle_progress;
	const char *element = serve->units[serve->obstacle].name;
	const char *name = name_of(p->opcode);
	char initiator[DEVICE_NAME_BYTES], code[32];

	if (p->number == 0 || p->resets) {
		snprintf(text, bytes, "%s is %s", element,
		    p->resets ? "being reset" : "busy");
		return;
	}
	snprintf(code, sizeof code, "command %02Xh", p->opcode);
	serve_initiator(serve, p->nexus, initiator);
	snprintf(text, bytes, "%s executes %s for %s", element,
	    name != NULL ? name : code, initiator);
}
