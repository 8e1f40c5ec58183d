/* cmd_vtl.c: virtual tape libraries: finds the verb. */
#include "sim/command/cmd.h"
#include "sim/command/subcommand.h"
#include "sim/command/vtl/vtl.h"

static const struct subcommand list[] = {
	{ "create", (char[]){ "tapelab vtl create" }, vtl_create,
	    "make a library, with drives, slots and volumes", CMD_OK },
	{ "list", (char[]){ "tapelab vtl list" }, vtl_list,
	    "list its cartridges", CMD_FAILED },
	{ "show", (char[]){ "tapelab vtl show" }, vtl_show,
	    "tell all of a volume", CMD_FAILED },
	{ "status", (char[]){ "tapelab vtl status" }, vtl_status,
	    "tell what lies where, and who uses which drive", CMD_FAILED },
	{ "load", (char[]){ "tapelab vtl load" }, vtl_load,
	    "carry a cartridge to a drive", CMD_OK },
	{ "unload", (char[]){ "tapelab vtl unload" }, vtl_unload,
	    "carry what is in a drive to its slot", CMD_OK },
	{ "move", (char[]){ "tapelab vtl move" }, vtl_move,
	    "carry a cartridge from one element to another", CMD_OK },
	{ "import", (char[]){ "tapelab vtl import" }, vtl_import,
	    "put volumes into the library", CMD_OK },
	{ "export", (char[]){ "tapelab vtl export" }, vtl_export,
	    "take volumes out of the library", CMD_OK },
	{ "fault", (char[]){ "tapelab vtl fault" }, vtl_fault,
	    "have volumes, drives or the robot fail", CMD_OK },
	{ "behaviour", (char[]){ "tapelab vtl behaviour" }, vtl_behaviour,
	    "tell, or say, what its drives differ in", CMD_OK },
	{ "files", (char[]){ "tapelab vtl files" }, vtl_files,
	    "show what is on a volume, file by file", CMD_FAILED },
	{ "verify", (char[]){ "tapelab vtl verify" }, vtl_verify,
	    "look for faults in volumes", CMD_FAILED },
};

int cmd_vtl(int argc, char **argv)
{
	static const struct subcommands verbs = {
		.program = "tapelab vtl",
		.arguments = "[OPTION...] LIB [ARGUMENT...]",
		.page = "tapelab-vtl(1)",
		.list = list,
		.count = sizeof list / sizeof *list,
	};

	return subcommand_run(&verbs, argc, argv);
}
