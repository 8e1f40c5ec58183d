/* vtl.c: finds the command of "tapelab vtl". */
#include "sim/command/cmd.h"
#include "sim/command/subcommand.h"
#include "sim/command/vtl/vtl.h"

static const struct subcommand list[] = {
	{ "create", (char[]){ "tapelab vtl create" }, vtl_create,
	    "make a library with drives, slots and volumes", CMD_OK },
	{ "list", (char[]){ "tapelab vtl list" }, vtl_list,
	    "list the cartridges", CMD_FAILED },
	{ "show", (char[]){ "tapelab vtl show" }, vtl_show,
	    "show the properties of a volume", CMD_FAILED },
	{ "status", (char[]){ "tapelab vtl status" }, vtl_status,
	    "show what each element holds, and who uses it", CMD_FAILED },
	{ "load", (char[]){ "tapelab vtl load" }, vtl_load,
	    "move a cartridge to a drive", CMD_OK },
	{ "unload", (char[]){ "tapelab vtl unload" }, vtl_unload,
	    "move the cartridge in a drive to a slot", CMD_OK },
	{ "move", (char[]){ "tapelab vtl move" }, vtl_move,
	    "move a cartridge between two elements", CMD_OK },
	{ "import", (char[]){ "tapelab vtl import" }, vtl_import,
	    "put volumes into the library", CMD_OK },
	{ "export", (char[]){ "tapelab vtl export" }, vtl_export,
	    "take volumes out of the library", CMD_OK },
	{ "fault", (char[]){ "tapelab vtl fault" }, vtl_fault,
	    "make volumes, drives or the robot fail", CMD_OK },
	{ "behaviour", (char[]){ "tapelab vtl behaviour" }, vtl_behaviour,
	    "show or set how drives differ from their models", CMD_OK },
	{ "identity", (char[]){ "tapelab vtl identity" }, vtl_identity,
	    "show or set the names and numbers of drives and changer", CMD_OK },
	{ "snapshot", (char[]){ "tapelab vtl snapshot" }, vtl_snapshot,
	    "take a snapshot of a library, or list them", CMD_OK },
	{ "restore", (char[]){ "tapelab vtl restore" }, vtl_restore,
	    "restore a snapshot", CMD_OK },
	{ "clone", (char[]){ "tapelab vtl clone" }, vtl_clone,
	    "copy a library to a new folder", CMD_OK },
	{ "events", (char[]){ "tapelab vtl events" }, vtl_events,
	    "print what happens in a library that is served", CMD_FAILED },
	{ "expect", (char[]){ "tapelab vtl expect" }, vtl_expect,
	    "check facts about a library", CMD_FAILED },
	{ "wait", (char[]){ "tapelab vtl wait" }, vtl_wait,
	    "wait until facts about a library hold", CMD_FAILED },
	{ "files", (char[]){ "tapelab vtl files" }, vtl_files,
	    "list the files on a volume", CMD_FAILED },
	{ "verify", (char[]){ "tapelab vtl verify" }, vtl_verify,
	    "check the files of volumes", CMD_FAILED },
};

int cmd_vtl(int argc, char **argv)
{
	static const struct subcommands commands = {
		.program = "tapelab vtl",
		.arguments = "[OPTION...] LIB [ARGUMENT...]",
		.page = "tapelab-vtl(1)",
		.list = list,
		.count = sizeof list / sizeof *list,
	};

	return subcommand_run(&commands, argc, argv);
}
