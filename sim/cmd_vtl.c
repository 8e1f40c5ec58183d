/* cmd_vtl.c: virtual tape libraries: finds the verb. */
#include "sim/cmd.h"
#include "sim/verbs.h"
#include "sim/vtl.h"

static const struct verb list[] = {
	{ "create", (char[]){ "tapelab vtl create" }, vtl_create,
	    "make a library, with drives, slots and volumes" },
	{ "list", (char[]){ "tapelab vtl list" }, vtl_list,
	    "list its cartridges" },
	{ "show", (char[]){ "tapelab vtl show" }, vtl_show,
	    "tell all of a volume" },
	{ "status", (char[]){ "tapelab vtl status" }, vtl_status,
	    "tell what lies where, and who uses which drive" },
	{ "load", (char[]){ "tapelab vtl load" }, vtl_load,
	    "carry a cartridge to a drive" },
	{ "unload", (char[]){ "tapelab vtl unload" }, vtl_unload,
	    "carry what is in a drive to its slot" },
	{ "move", (char[]){ "tapelab vtl move" }, vtl_move,
	    "carry a cartridge from one element to another" },
	{ "import", (char[]){ "tapelab vtl import" }, vtl_import,
	    "put volumes into the library" },
	{ "export", (char[]){ "tapelab vtl export" }, vtl_export,
	    "take volumes out of the library" },
	{ "fault", (char[]){ "tapelab vtl fault" }, vtl_fault,
	    "have volumes, drives or the robot fail" },
	{ "behaviour", (char[]){ "tapelab vtl behaviour" }, vtl_behaviour,
	    "tell, or say, what its drives differ in" },
	{ "dump", (char[]){ "tapelab vtl dump" }, vtl_dump,
	    "show what is on a volume, file by file" },
	{ "verify", (char[]){ "tapelab vtl verify" }, vtl_verify,
	    "look for faults in volumes" },
};

int cmd_vtl(int argc, char **argv)
{
	static const struct verbs verbs = {
		.program = "tapelab vtl",
		.arguments = "[OPTION...] LIB [ARGUMENT...]",
		.page = "tapelab-vtl(1)", .list = list,
		.count = sizeof list / sizeof *list,
	};

	return verbs_run(&verbs, argc, argv);
}
