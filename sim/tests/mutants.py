#!/usr/bin/env python3
"""Breaks the core, the caches, the executors, the filters, the drive, the
iSCSI target, the judge of scenarios and the reports, one place at a time, and
checks that a test fails.

Usage: mutants.py [NAME...] [FOLDER/...]
       mutants.py --places    count the mutants whose place occurs exactly once,
                              and fail if there are others

NAME is the name of a mutant; FOLDER/ stands for all mutants below it.

Each mutant changes one place in a copy of the tree. It is killed if a test
program or a scenario fails or hangs, and survives if all pass; programs next to
the changed file are built and run first. The program prints the list, ends with
"N killed, N survived", and fails if a mutant survived, its place was not found
or it does not compile.
"""
import glob
import os
import shutil
import subprocess
import sys
import tempfile
import time

# Name, file, text to replace (which occurs once), replacement.
MUTANTS = [
    ("a worn volume is not noticed", "vtl/base/media.c",
     "	if (loads > life_loads)\n		return MEDIA_WORN;",
     "	if (loads > life_loads)\n		return MEDIA_GOOD;"),
    ("the load that wears a volume out is not counted", "vtl/library/load.c",
     "	count_load(library, taken->drive, volume);\n",
     "	(void)count_load;\n"),
    ("the first life of a volume counts, not the last", "vtl/volume/wear.c",
     "	if (parse_number(text, &loads) && loads > 0)\n",
     "	if (parse_number(text, &loads) && loads > 0 &&\n"
     "	    wear->life_loads == MEDIA_LIFE_LOADS)\n"),
    ("a load that cannot be stored counts as lost data", "vtl/volume/wear.c",
     "	memcpy(volume->storage_error, error, sizeof error);\n", ""),
    ("a volume that was not erased is reported as erased",
     "sim/run/steps/erase.c",
     "		to->result = \"failed\";\n", ""),
    ("the metrics of an only dump are written twice", "sim/run/conclude.c",
     "		if (is_whole_scenario(r))\n", "		if (false)\n"),
    ("a remark is lost after the operation that met it",
     "vtl/library/vtape.c", "	vtape->remarks |= result->remarks;\n", ""),
    ("a request for cleaning reaches no warning", "splitter/tape/watch.c",
     "	if (result->remarks != 0)\n", "	if (false)\n"),
    ("a volume with flag 7 is only nearly worn", "splitter/tape/watch.c",
     "{ TAPE_ALERT_MEDIA_LIFE, TAPE_REMARK_WORN }",
     "{ TAPE_ALERT_MEDIA_LIFE, TAPE_REMARK_NEARLY_WORN }"),
    ("one uncorrected error is not reported", "splitter/tape/watch.c",
     "	if (c != NULL && c->value > 0)", "	if (c != NULL && c->value > 1)"),
    ("the counters of the load are those of the unload",
     "splitter/write/volume.c", "		w->volume.before = &w->watch.before;",
     "		w->volume.before = &w->watch.after;"),
    ("an entry that waits loses what the drive reported",
     "splitter/tool/catalogue/log.c", "	set_conditions(e, volume);\n",
     "	(void)set_conditions;\n"),
    ("errors of the drive are not repeated at the end",
     "sim/command/tape/write.c", "	if (errors > 0)\n", "	if (false)\n"),
    # An initiator on a real drive.
    ("an interrupted read sends the command again", "splitter/scsi/node/node.c",
     "		else if (errno != EINTR)\n			return errno;",
     "		else if (errno != EINTR)\n			return errno;\n"
     "		else\n"
     "			calls->write(calls->arg, node->fd, h, sizeof *h);"),
    ("signals reach the thread that waits for an answer",
     "splitter/scsi/node/node.c",
     "	pthread_sigmask(SIG_SETMASK, &all, &before);",
     "	pthread_sigmask(SIG_BLOCK, NULL, &before);"),
    ("an answer of another command is taken", "splitter/scsi/node/node.c",
     " && h->pack_id == node->number)", ")"),
    ("a lost command is sent again", "splitter/scsi/unit.c",
     "		if (a->outcome != SCSI_ANSWERED)\n			return false;\n"
     "		if (scsi_is_busy(unit))",
     "		if (a->outcome != SCSI_ANSWERED && busy++ == 0)\n"
     "			continue;\n"
     "		if (a->outcome != SCSI_ANSWERED)\n			return false;\n"
     "		if (scsi_is_busy(unit))"),
    ("a time-out is shorter than the drive's", "splitter/scsi/timeouts.c",
     "scsi_moves_medium(opcode) ? SCSI_LONG_TIMEOUT_S",
     "scsi_moves_medium(opcode) ? 10 * SCSI_SHORT_TIMEOUT_S"),
    ("a deferred recovered error counts as good", "splitter/scsi/cause.c",
     "	if (s->deferred)\n", "	if (s->deferred && s->key != 1)\n"),
    ("reading evidence clears the TapeAlert flags", "splitter/scsi/facts/mam.c",
     "list[i].page == TAPEALERT ||", "false ||"),
    ("registrations of other hosts are removed",
     "splitter/scsi/hold/key.c",
     "return key >> START_BITS == host_part(host);",
     "return host != NULL && hold_key_is_tapelab(key);"),
    ("a run that lives is treated as killed",
     "splitter/scsi/hold/recover.c",
     "read == HOLD_RECORD && hold_record_lives(&record)",
     "read == HOLD_RECORD && !hold_record_lives(&record)"),
    ("what was not restored is forgotten", "splitter/scsi/hold/hold.c",
     "if (good && hold->recorded && unlink", "if (hold->recorded && unlink"),
    ("replay from attempted instead of consumed", "splitter/core/next.c",
     "s->replay = c->attempted < c->consumed;",
     "s->replay = c->attempted < c->attempted;"),
    ("the replay is as long as the last attempt", "splitter/core/core.c",
     "c->consumed = core_max(c->consumed, c->attempted);",
     "c->consumed = c->attempted;"),
    ("a failed header counts as written", "splitter/core/done.c",
     """	if (r->cause != TAPE_OK) {
		core_fail_volume(c, r->cause);
		return;
	}
	c->written = true;
	if (c->leom)
		close_empty_file(c);""",
     """	c->written = true;
	if (c->leom)
		close_empty_file(c);"""),
    ("LEOM is ignored in a replay", "splitter/core/next.c",
     "	if (c->leom)\n		return SPLITTER_END_LEOM;",
     "	if (c->leom && c->attempted == c->consumed)\n"
     "		return SPLITTER_END_LEOM;"),
    # The reason is known when the attempt is reported, whatever ended the
    # part.
    ("EOF is tested after EOP", "splitter/core/next.c",
     "s->report.last ? SPLITTER_END_EOF : c->end;",
     "s->report.last && c->end != SPLITTER_END_EOP ?\n"
     "	    SPLITTER_END_EOF : c->end;"),
    ("the look-ahead is dropped", "splitter/core/next.c",
     "	if (!failed && c->stop == TAPE_OK && !dump_waits(c))\n"
     "		return false;\n", ""),
    ("LOAD does not wait for a byte", "splitter/core/next.c",
     "	if (!dump_waits(c))\n		return false;\n"
     "	if (c->committed == c->accepted", "	if (c->committed == c->accepted"),
    ("consumed is counted when a block is requested", "splitter/core/next.c",
     "				c->out_bytes = step->bytes;",
     "				c->out_bytes = step->bytes;\n"
     "				c->consumed = core_max(c->consumed,\n"
     "				    step->offset + step->bytes);"),
    ("bytes of the step in progress are released", "splitter/core/core.c",
     "	if (c->out == CORE_WRITE && c->out_source == CORE_RING)",
     "	if (0)"),
    ("the spooled offset is not rounded to blocks", "splitter/core/core.c",
     "core_min(c->consumed, core_round_down(c, c->cached))",
     "core_min(c->consumed, c->cached)"),
    ("the spool is released although it lags", "splitter/core/core.c",
     "core_min(c->consumed, core_round_down(c, c->cached))",
     "c->consumed"),
    ("committed before the filemark", "splitter/core/done.c",
     """		if (r->cause == TAPE_OK)
			commit(c);
		else
			core_fail_attempt(c, r->cause);""",
     """		commit(c);"""),
    ("the part number goes up with a failed part", "splitter/core/failure.c",
     "	c->attempted = c->committed;\n	c->state = !at_filemark",
     "	c->attempted = c->committed;\n	c->part++;\n"
     "	c->state = !at_filemark"),
    ("memory is released at consumed", "splitter/core/core.c",
     "	case SPLITTER_CACHE_MEMORY:\n		return c->committed;",
     "	case SPLITTER_CACHE_MEMORY:\n		return c->consumed;"),
    ("the cut after PEOM is dropped", "splitter/core/failure.c",
     "	if (cause == TAPE_PEOM && c->fresh)\n"
     "		c->cut = cut_parts(c, at_filemark);\n", ""),
    ("the cut after PEOM is made for later parts too", "splitter/core/failure.c",
     "	if (cause == TAPE_PEOM && c->fresh)", "	if (cause == TAPE_PEOM)"),
    ("the cut at the filemark is not one block less", "splitter/core/failure.c",
     "	if (at_filemark && fitted > c->config.block_bytes)\n"
     "		fitted -= c->config.block_bytes;\n", ""),
    ("failed volumes are not counted", "splitter/core/done.c",
     "		c->failed_volumes_in_row += !c->productive;", "		;"),
    ("volumes with committed parts count as failed", "splitter/core/done.c",
     "		c->failed_volumes_in_row += !c->productive;", "		c->failed_volumes_in_row++;"),
    ("failed volumes are counted one too late", "splitter/core/next.c",
     "c->failed_volumes_in_row >= c->config.max_failed_volumes",
     "c->failed_volumes_in_row > c->config.max_failed_volumes"),
    ("max_volumes allows one volume more", "splitter/core/next.c",
     "c->volumes >= c->config.max_volumes",
     "c->volumes > c->config.max_volumes"),
    ("refused volumes count as failed", "splitter/core/failure.c",
     "		c->tried = false;\n		c->volumes--;", "		;"),
    ("LEOM is cleared before the volume is closed", "splitter/core/done.c",
     "	if (result->leom && result->cause == TAPE_OK && writes)\n"
     "		c->leom = true;",
     "	if (writes)\n"
     "		c->leom = result->leom;"),
    ("LEOM of a load counts before BOT", "splitter/core/done.c",
     "c->leom = r->append && r->leom;", "c->leom = r->leom;"),
    ("a tape at the wrong position is written", "splitter/write/position_check.c",
     "TAPE_POSITION_UNKNOWN && at.object != w->at_object)",
     "TAPE_POSITION_UNKNOWN && at.object == 0)"),
    ("the file number that a tape reports is not checked",
     "splitter/write/position_check.c", "	else if (at.file != TAPE_POSITION_UNKNOWN &&",
     "	else if (at.file == TAPE_POSITION_UNKNOWN &&"),
    ("a drive error hides a wrong position", "splitter/write/position_check.c",
     "		result->tape_moved = writer_parts_are_missing(w, done_ns);\n", ""),
    ("a tape that moved during a write is not detected",
     "splitter/write/position_check.c",
     "	if (before == TAPE_POSITION_UNKNOWN || at == before + done)",
     "	if (before == TAPE_POSITION_UNKNOWN || at != TAPE_POSITION_UNKNOWN)"),
    ("parts on a tape that moved are not verified", "splitter/core/failure.c",
     "	return c->tape_moved ? S_VERIFY : next;",
     "	return c->tape_moved && c->sealed ? S_VERIFY : next;"),
    ("a part without its filemark is present", "splitter/read/verify.c",
     "		if (end.file != row->file + 1)\n"
     "			return SPLITTER_PARTS_OVERWRITTEN;\n", ""),
    ("a part with missing blocks is present", "splitter/read/verify.c",
     "	    ? SPLITTER_PARTS_PRESENT\n	    : SPLITTER_PARTS_OVERWRITTEN;",
     "	    ? SPLITTER_PARTS_PRESENT\n	    : SPLITTER_PARTS_PRESENT;"),
    ("lost parts stay safe", "splitter/core/done.c",
     "	c->safe = r->safe_bytes;\n", ""),
    ("a dump continues after its storage failed", "splitter/core/next.c",
     "	if (c->no_storage) {", "	if (0) {"),
    ("a volume that could not be stored is suspect", "splitter/core/failure.c",
     "	[TAPE_STORAGE_FAILED] = { false, TAPE_CLOSE_GOOD },",
     "	[TAPE_STORAGE_FAILED] = { false, TAPE_CLOSE_SUSPECT },"),
    ("a second cut has no margin", "splitter/core/failure.c",
     "	if (c->cuts > 0)\n		fitted = with_margin(c, fitted);\n",
     "	if (c->cuts > 100)\n		fitted = with_margin(c, fitted);\n"),
    ("a volume that made the limit smaller counts as failed",
     "splitter/core/done.c",
     "	if (c->cut && c->cuts < CORE_CUTS_MAX)\n		c->cuts++;",
     "	if (0)\n		c->cuts++;"),
    ("volumes that make the limit smaller never count",
     "splitter/core/done.c",
     "c->cut && c->cuts < CORE_CUTS_MAX", "c->cut"),
    ("LEOM outlives its volume", "splitter/core/done.c",
     "	c->loaded = c->labelled = c->leom = c->fresh = c->tape_moved = false;",
     "	c->loaded = c->labelled = c->fresh = c->tape_moved = false;"),
    ("a LEOM header is an attempt", "splitter/core/done.c",
     "	c->written = true;\n	if (c->leom)\n		close_empty_file(c);",
     "	c->written = true;\n	if (0)\n		close_empty_file(c);"),
    ("the part is one block too long", "splitter/core/core.c",
     "	    : c->limit_bytes - (c->attempted - c->committed);",
     "	    : c->limit_bytes + c->config.block_bytes -\n"
     "	    (c->attempted - c->committed);"),
    ("a short block is written before the end", "splitter/core/next.c",
     "	if (!core_whole(c, s->offset + s->bytes))\n"
     "		s->bytes = core_round_down(c, s->bytes);\n", ""),
    ("the run may be the whole buffer", "splitter/core/next.c",
     "RUN_SHARE = 8", "RUN_SHARE = 1"),
    ("the dump continues after a stop", "splitter/core/next.c",
     "	if (c->stop != TAPE_OK) {\n		core_fail_attempt(c, c->stop);"
     "\n		return false;\n	}\n", ""),
    ("a filemark is written after a drive error", "splitter/core/failure.c",
     "	[TAPE_HARDWARE_ERROR] = { false,", "	[TAPE_HARDWARE_ERROR] = { true,"),
    ("a failed drive is used again", "splitter/core/failure.c",
     "{ false, TAPE_CLOSE_AVOID_DRIVE }", "{ false, TAPE_CLOSE_SUSPECT }"),
    ("an unknown error never counts against the drive", "splitter/core/failure.c",
     "	return c->unknown_before ? TAPE_HARDWARE_ERROR : TAPE_UNKNOWN_ERROR;",
     "	return TAPE_UNKNOWN_ERROR;"),
    ("the fill does not end with the rest of the part", "splitter/core/next.c",
     "	if (c->eof || ready >= core_part_left(c)) {", "	if (c->eof) {"),
    ("no fill is required after an underrun", "splitter/core/next.c",
     "		if (c->config.streaming == SPLITTER_STREAMING_REQUIRED)\n"
     "			c->filling = true;\n", ""),
    ("CUT is not made", "splitter/core/next.c",
     "	if (c->cache_failed && c->attempted == c->consumed)\n"
     "		return SPLITTER_END_CUT;\n", ""),
    ("CUT in the middle of a replay", "splitter/core/next.c",
     "	if (c->cache_failed && c->attempted == c->consumed)",
     "	if (c->cache_failed)"),
    ("the spool restarts over bytes that are still needed", "splitter/core/done.c",
     "	if (c->cache_failed && c->committed == c->consumed) {",
     "	if (c->cache_failed) {"),
    ("a part without all its bytes is retried", "splitter/core/core.c",
     "	return core_unneeded(c) <= c->committed ||\n	    "
     "c->cached >= core_unneeded(c);", "	return true;"),
    ("the checksum of a replay is not compared", "splitter/write/write_run.c",
     "	if (step->replay && run->data != NULL &&", "	if (0 &&"),
    ("checksums are noted after the bytes were written",
     "splitter/write/write_run.c",
     "	note_taken(w, bytes);\n	w->progress(w->progress_arg, bytes);",
     "	w->progress(w->progress_arg, bytes);\n	note_taken(w, bytes);"),
    ("checksums of another attempt are used", "splitter/write/partsum.c",
     "p->kept[i].attempt == p->written.attempt &&",
     "p->kept[i].attempt > 0 &&"),
    ("checksums are read from after the blocks", "splitter/write/partsum.c",
     "		    p->kept[i].offset <= end)", "		    true)"),
    ("waiting bytes lose their place when the ring restarts", "splitter/buffer/ring.c",
     "	ring->stay = stay;", "	ring->stay = 0;"),
    ("a labelled volume is overwritten", "splitter/format/volume_policy.c",
     "	if (named || is_free(rules, v))",
     "	if (named || is_free(rules, v) || has_label(v))"),
    ("one of two names suffices to overwrite a volume", "splitter/format/volume_policy.c",
     "		if (!volume_policy_has(list, all.list[i]))\n"
     "			return false;\n"
     "	if (all.count > 0)\n		return true;\n", "		;\n"),
    ("the serial number of the medium is not compared with its label",
     "splitter/format/volume_policy.c",
     "return has_label(v) && differ(serial_of(v), v->label->serial);",
     "return false;"),
    ("the purpose of a label is ignored", "splitter/format/volume_policy.c",
     "	return label->purpose[0] != '\\0' &&\n", "	return false &&\n"),
    ("a volume with several partitions is written",
     "splitter/format/volume_policy.c",
     "	if (v->partitioned)\n", "	if (false)\n"),
    ("a volume that cannot be read is overwritten", "splitter/format/volume_policy.c",
     "	if (v->found == VOLUME_POLICY_ERROR)\n"
     "		return refuse(rules, v, why, why_bytes);\n", ""),
    ("a missing end of data counts as blank", "splitter/format/first_block.c",
     "		return sense->key == 0x8 && sense->asc == 0 && sense->ascq == 5;",
     "		return sense->key == 0x8;"),
    ("an error while looking counts as blank", "splitter/format/first_block.c",
     "	default:\n		return FIRST_BLOCK_UNREADABLE;",
     "	default:\n		return FIRST_BLOCK_BLANK;"),
    ("another cartridge is written after a volume was looked at",
     "splitter/read/look.c",
     "	if (strcmp(is.serial, was->serial) != 0)", "	if (false)"),
    ("a cartridge is not looked at again after an error",
     "splitter/write/result.c",
     "		w->must_look = true;\n", ""),
    ("a write-once medium is overwritten", "splitter/format/volume_policy.c",
     "	if (v->worm && v->found != VOLUME_POLICY_BLANK) {",
     "	if (false) {"),
    ("a barcode that no label can hold is written", "splitter/write/volume.c",
     "if (to[0] == '\\0' || header_barcode_valid(to))", "if (true)"),
    ("bytes next to a gap are not reported as unproven",
     "splitter/read/reader_part.c", "	report_unproven(r, p, no_sum);\n"
     "	if (!may_be_missing(r, bytes)) {",
     "	if (!may_be_missing(r, bytes)) {"),
    ("a volume that is handed over wakes no thread", "splitter/engine/handoff.c",
     "		e->next = tape;\n		wake(e);", "		e->next = tape;"),
    ("a start wakes no thread", "splitter/engine/handoff.c",
     "		e->start = HANDOFF_NONE;\n		wake(e);",
     "		e->start = HANDOFF_NONE;"),
    ("a cancel does not wake the waiting thread", "splitter/engine/handoff.c",
     "	e->stopped = true;\n	wake(e);", "	e->stopped = true;"),
    ("a retry is started as the next part", "splitter/engine/handoff.c",
     "retry == (e->start == HANDOFF_RETRY)",
     "(retry || e->start != HANDOFF_FIRST)"),
    ("a tape that was not requested is kept", "splitter/engine/handoff.c",
     "	unused = e->next;", "	unused = NULL;"),
    ("a volume is loaded before the first part is started",
     "splitter/engine/handoff.c",
     "(e->next == NULL || e->start == HANDOFF_FIRST)",
     "e->next == NULL"),
    ("the producer is not woken", "splitter/engine/tape_thread.c",
     "	core_done(&e->core, result);\n", "	core_done(&e->core, result);\n"
     "	if (e->core.committed > 0)\n		return;\n"),
    ("the tape is not woken by the last bytes",
     "splitter/engine/producer.c",
     "	core_eof(&e->core);\n	wake_tape(e);\n", "	core_eof(&e->core);\n"),
    ("the spool wraps where it should not", "splitter/buffer/spool.c",
     "	uint64_t row = s->bytes - offset % s->bytes;",
     "	uint64_t row = s->bytes;"),
    ("a slice is read from the beginning of its file", "splitter/buffer/slices.c",
     "s->file_offset + (offset - s->begin)", "(offset - s->begin)"),
    ("a truncated slice is accepted", "splitter/buffer/slices.c",
     "	return bytes == 0 ? 0 : -1;", "	return 0;"),
    ("one slice too many is forgotten", "splitter/buffer/slices.c",
     "s->list[s->first].end <= offset", "s->list[s->first].begin <= offset"),
    # Comparisons of the core that are off by one, or by a block.
    ("a part without a consumed byte is not retried", "splitter/core/core.c",
     "	return core_unneeded(c) <= c->committed ||",
     "	return core_unneeded(c) < c->committed ||"),
    ("a cache that has exactly the needed bytes is not enough", "splitter/core/core.c",
     "c->cached >= core_unneeded(c);", "c->cached > core_unneeded(c);"),
    ("a dump waits although all its bytes are committed", "splitter/core/next.c",
     "	return c->accepted > c->committed || c->eof;",
     "	return c->accepted >= c->committed || c->eof;"),
    ("the fill does not end with exactly the rest of the part",
     "splitter/core/next.c", "ready >= core_part_left(c)",
     "ready > core_part_left(c)"),
    ("the fill is one byte more", "splitter/core/next.c",
     "ready < c->config.start_fill_bytes",
     "ready <= c->config.start_fill_bytes"),
    ("new bytes are a replay", "splitter/core/next.c",
     "	s->replay = c->attempted < c->consumed;",
     "	s->replay = c->attempted <= c->consumed;"),
    ("bytes in the buffer are read from the cache", "splitter/core/next.c",
     "	if (c->attempted < core_unneeded(c)) {",
     "	if (c->attempted <= core_unneeded(c)) {"),
    ("a part of one block is cut to nothing", "splitter/core/failure.c",
     "fitted > c->config.block_bytes", "fitted >= c->config.block_bytes"),
    ("a run is one block longer than the part", "splitter/core/next.c",
     "core_min(most, core_part_left(c))",
     "core_min(most, core_part_left(c) + c->config.block_bytes)"),
    # Helpers of the core.
    ("the last block before a replay's end has no sum", "splitter/write/replay.c",
     "		if (at < r->from + r->count * r->block_bytes)",
     "		if (at <= r->from + r->count * r->block_bytes)"),
    ("a spool that is just full is too full", "splitter/buffer/spool.c",
     "offset + bytes - from > s->bytes", "offset + bytes - from >= s->bytes"),
    ("a slice has one byte more", "splitter/buffer/slices.c",
     "		if (offset < s->list[i].end)",
     "		if (offset <= s->list[i].end)"),
    ("a fault is applied one operation too late", "splitter/filter/fault.c",
     "	uint64_t nth = library->seen[at] + 1;",
     "	uint64_t nth = library->seen[at];"),
    ("a fault is applied one block too late", "splitter/filter/fault.c",
     "		    library->seen[SPLITTER_FAULT_BLOCK] + 1 + n);",
     "		    library->seen[SPLITTER_FAULT_BLOCK] + n);"),
    ("a limit warns one block too early", "splitter/filter/limit.c",
     "t->used_bytes > library_of(tape)->warn_bytes",
     "t->used_bytes >= library_of(tape)->warn_bytes"),
    ("a label that just fits is refused", "splitter/filter/limit.c",
     "	if (bytes > library_of(tape)->capacity_bytes) {",
     "	if (bytes >= library_of(tape)->capacity_bytes) {"),
    ("a header that just fits is refused", "splitter/filter/limit.c",
     "	if (bytes > room(tape)) {", "	if (bytes >= room(tape)) {"),
    ("a run that just fits a limit meets its end", "splitter/filter/limit.c",
     "	ends = part.bytes > room(tape);",
     "	ends = part.bytes >= room(tape);"),
    ("a run that just fits a volume meets its end", "vtl/drive/extent_fit.c",
     "		if (byte_after(run, middle + 1) <= limit)",
     "		if (byte_after(run, middle + 1) < limit)"),
    ("a volume warns one block too early", "vtl/drive/early_warning.c",
     "	return byte > warning &&\n", "	return byte >= warning &&\n"),
    ("a bad spot fails the block after it", "vtl/drive/extent_fit.c",
     "	    medium->defect_byte >= byte_after(&run, 0)) {",
     "	    medium->defect_byte > byte_after(&run, 0)) {"),
    ("a block that meets the warning is not on tape", "vtl/drive/extent_fit.c",
     "			*stop = block + m->early_warning_delay_blocks + 1;",
     "			*stop = block + m->early_warning_delay_blocks;"),
    ("blocks after a lost block are written", "vtl/drive/buffer.c",
     "	drive_buffer_drop(drive, sense, motion_written_ns(drive->motion));\n"
     "	/* The entry",
     "	pop(&drive->queue, 1);\n	/* The entry"),
    ("a block that arrives at the last instant is late", "vtl/motion/motion.c",
     "m->coming_ns > until_ns)", "m->coming_ns >= until_ns)"),
    ("a flush waits for the backhitch", "vtl/motion/motion.c",
     "	m->answered_ns = m->written_ns > now_ns ? m->written_ns : now_ns;",
     "	m->answered_ns = m->free_ns > now_ns ? m->free_ns : now_ns;"),
    ("an open feed waits with the dump", "sim/source/feed.c",
     "	if (!f->config.open)\n		return later_add(now_ns, take_ns);\n",
     "	return later_add(now_ns, take_ns);\n"),
    ("late pieces count as steady", "sim/source/feed.c",
     "	if (f->late || f->taken == 0", "	if (f->taken == 0"),
    ("a pause of a feed takes no time", "sim/source/feed.c",
     "		    later_add(f->segment.pause_ns,\n",
     "		    later_add(0,\n"),
    ("the disk of a spool does two things at once", "sim/run/virtual/spool.c",
     "	if (s->disk_free_ns < s->now_ns)\n		s->disk_free_ns",
     "	s->disk_free_ns"),
    ("bytes are on the disk of a spool at once", "sim/run/virtual/spool.c",
     "			s->spooling = true;\n",
     "			dump_run_cached(&s->core, offset + bytes, o);\n"),
    ("a medium without data streams", "vtl/motion/motion.c",
     "		stop(m,\n		    flushed",
     "		if (flushed) stop(m,\n		    flushed"),
    ("a fragile block does not stop the medium", "vtl/drive/buffer.c",
     "	if (queue->fragile == 0) {", "	if (queue->fragile < 2) {"),
    ("a synchronous filemark does not wait for the buffer", "vtl/drive/filemark.c",
     "{\n	drive_buffer_flush(drive, result);\n	if (drive->has_pending)\n"
     "		return -1;\n	if (volume_sync",
     "{\n	if (volume_sync"),
    ("a rewind leaves blocks in the buffer", "vtl/drive/drive.c",
     "	if (op != DRIVE_WRITE && op != DRIVE_FILEMARK)",
     "	if (op > DRIVE_WRITE && op != DRIVE_FILEMARK)"),
    ("a pending error is reported again", "vtl/drive/drive.c",
     "	drive->has_pending = false;\n	return true;", "	return true;"),
    ("a fault by number is applied one operation too late", "vtl/drive/fault.c",
     "		return f->once ? op == f->nth : op >= f->nth;",
     "		return f->once ? op == f->nth + 1 : op > f->nth;"),
    ("each write changes the volume change reference", "vtl/volume/volume.c",
     "return volume->is_changed ? 0 : volume_count_change(volume);",
     "return volume_count_change(volume);"),
    ("a row does not wait for space of old rows", "vtl/volume/transaction.c",
     "	while (!volume->nothing_overwritten &&", "	while (false &&"),
    ("the journal of a deletion has any length", "vtl/volume/overwritten.c",
     "if (row >= bytes || leaf >= leaves) {", "if (row >= bytes) {"),
    ("once on a full disk no cut sets rows aside", "vtl/volume/volume.c",
     "	volume->deletes_at_once = false;\n", ""),
    ("a damaged block is blamed on a disk that was full", "vtl/volume/sql.c",
     "	va_end(args);\n	volume->storage_failed = false;\n",
     "	va_end(args);\n"),
    ("the data in the buffer is not counted", "vtl/drive/take.c",
     "		queue->data_bytes += e->run.bytes - e->run.zeros;\n",
     "		(void)0;\n"),
    ("defects lie in partition 0", "vtl/volume/defect.c",
     "s.partition = volume->partition;", "s.partition = 0;"),
    ("a partition has the capacity of the one before",
     "vtl/drive/partition.c",
     "	drive->position = bop;\n	drive_set_layout(drive);\n",
     "	drive->position = bop;\n"),
    ("two partitions share a wrap", "vtl/drive/timing.c",
     "begin += wrap > 0 ? ((bytes - 1) / wrap + 1) * wrap : bytes;",
     "begin += bytes;"),
    ("ALLOW OVERWRITE allows every position", "vtl/drive/protect.c",
     "drive->position.object == drive->allow_object", "true"),
    ("an attribute in place of another needs more room",
     "vtl/scsi/attribute.c", "	bytes -= replaced.bytes;\n", ""),
    ("a failed restore is not undone", "vtl/changer/restore.c",
     "	else\n		undo(changer, from);\n", ""),
    ("reading page 12h clears the flags", "vtl/scsi/log.c",
     "	scsi_log_put(log, 0, SCSI_LOG_FLAGS, 8, unit->alerts);",
     "	scsi_log_put(log, 0, SCSI_LOG_FLAGS, 8, unit->alerts);\n"
     "	unit->alerts = 0;"),
    ("spacing back stops after the filemark", "vtl/drive/move.c",
     "	if (to.file > 0) {", "	if (to.file > 1000) {"),
    # Models of drives, and the times that follow from them.
    ("a locate to a wrap of the other direction turns at no cost",
     "vtl/motion/place.c",
     "	if (from.wrap % 2 != to.wrap % 2)\n"
     "		ns += medium->locate_turn_ns;\n",
     ""),
    ("each wrap begins at the beginning of the tape",
     "vtl/motion/place.c",
     "place.wrap % 2 == 0 ? at : length - at;",
     "at;"),
    ("an unload after 5 GB rewinds as after less",
     "vtl/motion/place.c",
     "used_bytes < FEW_GB * gb",
     "used_bytes <= FEW_GB * gb"),
    ("a restore unloads without a rewind",
     "vtl/motion/restore_time.c",
     "place_unload_rewind_ns(model, first->medium, at, used)",
     "0"),
    ("a written volume is initialised again",
     "vtl/drive/drive.c",
     "	if (is_empty(volume))\n",
     ""),
    ("each first load takes the same time",
     "vtl/drive/drive.c",
     "drive_random(drive, DRIVE_RANDOM_FIRST_LOAD, INT64_MAX)",
     "7"),
    ("speeds of a profile may stay the same",
     "vtl/model/value.c",
     "if (speed <= last) {",
     "if (speed < last) {"),
    ("a write-once medium has no values of its own",
     "vtl/model/model.c",
     "other->density == type->density",
     "other == type"),
    ("the mean of locates includes no change of band",
     "vtl/model/medium.c",
     "	    m->locate_band_ns / bands * (bands - 1) +\n",
     ""),
    # The Linux tape driver's back end: what it writes after an error.
    ("the position is not read after an error", "splitter/real/place.c",
     "	if (is_in_file(d, where, sizeof where))",
     "	if (is_in_file(d, where, sizeof where) || true)"),
    ("a tape before its file counts as in it", "splitter/real/place.c",
     "object >= d->file_begin &&", "object + d->file_begin >= d->file_begin &&"),
    ("a filemark may follow a failed label",
     "splitter/real/place.c",
     "		if (object == 0)\n			d->write_error = TAPE_POSITION_LOST;\n",
     ""),
    ("a file begins at any position", "splitter/real/place.c",
     "	if (d->at.object != TAPE_POSITION_UNKNOWN && object != d->at.object) {",
     "	if (d->at.object == 0 && object != d->at.object) {"),
    ("the driver writes a filemark by itself", "splitter/st/state.c",
     "	if (st->driver_dirty)\n", "	if (st->driver_dirty && st->drive.full)\n"),
    ("an error before the end of data is forgotten", "splitter/st/move.c",
     "st->drive.may_be_other |= counts_on_its_way(st);",
     "st->drive.may_be_other |= counts_on_its_way(st) && st->drive.full;"),
    ("the beginning of the volume is not compared",
     "splitter/real/first_block.c",
     "	if (!same)\n", "	if (!same && sum == 0)\n"),
    ("a file begins at BOT", "splitter/real/place.c",
     "	if (d->at_bot && !labels) {",
     "	if (d->at_bot && !labels && d->write_error != TAPE_OK) {"),
    # The back end on SCSI commands: what is sent, believed and written.
    ("a command is sent again wherever the tape is", "splitter/sg/command.c",
     "		if (!needs_no_position(command) && !is_where_it_was(sg)) {",
     "		if (!needs_no_position(command) && !is_where_it_was(sg) &&\n"
     "		    sg->no_long_form) {"),
    ("a residual at the early warning is believed", "splitter/sg/write.c",
     "	if (!doubtful && (early || !d->leom || !d->has_position)) {",
     "	if (!doubtful || early) {"),
    ("the file after a part is not compared", "splitter/sg/write.c",
     "	    sg->file_reported == d->at.file)",
     "	    sg->file_reported >= d->at.file)"),
    ("an exchange that a question met is forgotten", "splitter/sg/answer.c",
     "	if (sg->unit.position_lost) {",
     "	if (sg->unit.position_lost && sg->no_long_form) {"),
    ("a deferred error that a question met is forgotten",
     "splitter/sg/answer.c", "	if (sg->unit.deferred) {",
     "	if (sg->unit.deferred && sg->no_long_form) {"),
    ("a volume begins in any partition", "splitter/sg/open.c",
     "	if (err == 0 && sg->partition != 0) {",
     "	if (err == 0 && sg->partition > 9) {"),
    ("the word of a person names a medium", "splitter/format/volume_policy.c",
     "	return !v->claimed || serial_of(v)", "	return true || serial_of(v)"),
    ("a drive that is not ready is not released", "splitter/scsi/hold/recover.c",
     "	case HOLD_NOT_READY:\n",
     "	case HOLD_NOT_READY:\n		return false;\n"),
    ("a name that two drives have proves one", "splitter/changer/proof.c",
     "	} else if (is_shared(nodes, e->serial)) {",
     "	} else if (false) {"),
    ("a tape that is elsewhere after a rewind is written",
     "splitter/st/position_report.c",
     "	st->drive.write_error = TAPE_POSITION_LOST;\n	snprintf(why",
     "	snprintf(why"),
    ("the position is not asked for after the physical end",
     "splitter/real/place.c",
     "		if (!d->has_position)\n			return;\n		break;\n	case TAPE_INVALID:",
     "		return;\n	case TAPE_INVALID:"),
    ("a RESERVATION CONFLICT in a test is not noted",
     "sim/accept/others.c",
     "	case SCSI_RESERVATION_CONFLICT:\n		return OTHERS_CONFLICT;\n", ""),
    ("a test is passed although others used the drive", "sim/accept/judge.c",
     "		accept_leave_open(r, test, text);\n"
     "		evidence_add(r->evidence, \"others\", test, \"\", r->others.drive",
     "		evidence_add(r->evidence, \"others\", test, \"\", r->others.drive"),
    ("a person decides about a medium that has names",
     "splitter/format/volume_policy.c",
     "	return rules->unnamed && !v->reported;",
     "	return rules->unnamed;"),
    ("--overwrite-unnamed takes a medium with a serial number",
     "splitter/format/volume_policy.c",
     "	add_name(&n, serial_of(v));\n	if (serials_differ(v))\n		add_name(&n, v->label->serial);\n	return n;",
     "	return n;"),
    ("a label is written after a rewind that ended elsewhere",
     "splitter/sg/open.c",
     "	if (err == 0 && !d->has_position) {\n"
     "		d->write_error = TAPE_POSITION_LOST;\n",
     "	if (err == 0 && !d->has_position) {\n"),
    ("a drive without error counters passes", "sim/accept/judge.c",
     "	take_unseen(r);\n", ""),
    ("a longer block is cut", "splitter/sg/move.c",
     "	if (bytes > 0 && bytes <= most) {", "	if (bytes > 0) {"),
    ("a write that the drive refused because it was reset is repeated",
     "splitter/sg/command.c", "	    (s->asc == 0x3f ||",
     "	    (s->asc == 0x3f || s->asc == 0x29 ||"),
    ("a drive that rewinds is used", "splitter/scsi/node/names.c",
     "	if (names->given_rewinds)\n		return fail(",
     "	if (false)\n		return fail("),
    # The state that a resumed dump leaves, and its readers.
    ("attempts at later parts begin with 1 again", "splitter/core/done.c",
     "c->attempts + 1 : c->config.later_attempts;", "c->attempts + 1 : 0;"),
    ("the spool of a resumed dump counts from offset 0", "splitter/buffer/spool.c",
     "atomic_init(&s->from, offset);", "atomic_init(&s->from, 0 * offset);"),
    ("files of another stream count", "splitter/read/scan_settle.c",
     "d->files[i].counts = may_count(d, &d->files[i]);",
     "d->files[i].counts = may_count(d, &d->files[i]) || true;"),
    ("of two streams the first one found is the dump",
     "splitter/read/scan_settle.c", "			undecided = true;",
     "			undecided = false;"),
    ("a part is written where the part before ended",
     "splitter/read/reader_part.c",
     "p.overlap = r->offset - p.part.offset_bytes;", "p.overlap = 0;"),
    ("the door stays locked", "splitter/real/door.c",
     "	if (d->locked)\n		d->locked",
     "	if (d->locked && !d->at_bot && !d->in_file)\n		d->locked"),
    ("a paced drive sleeps for the length of each operation",
     "vtl/library/pace.c", "clock->sleep_until(clock->arg, until_ns);",
     "clock->sleep_until(clock->arg, p->returned_ns +\n"
     "		    real_of(p, p->done_ns - call->begun_ns));"),
    ("a paced drive runs after a standstill of the machine",
     "vtl/library/pace.c", "	if (lag_ns > PACE_LAG_MAX_NS)", "	if (0)"),
    ("the wait for a flush is time of the feed", "vtl/motion/speed.c",
     "m->flush_since_ns < at_ns ?", "m->flush_since_ns < 0 ?"),
    ("blocks that pass the buffer are no use of a cartridge",
     "vtl/drive/buffer.c", "drive->used_bytes += blocks *",
     "drive->used_bytes += 0 * blocks *"),
    ("a compressor passes any data at the rate of the bus",
     "vtl/drive/timing.c",
     "	if (section->speeds == 0 || model->ratio_max_permille == 0 ||",
     "	if (1 ||"),
    ("another outcome is no regression", "reports/compare/difference.c",
     "return !is_repaired(compare->c);", "return false;"),
    ("a case that became faster is a regression",
     "reports/compare/difference.c",
     "return kind != COMPARISON_SPEED || worse;", "return true;"),
    ("the tolerance of speed is twice as large", "reports/compare/metrics.c",
     "fabs(change) <= compare->options->tolerance",
     "fabs(change) <= 2 * compare->options->tolerance"),
    ("attempts are compared without their volumes", "reports/compare/dump.c",
     "same_text(a->volume, b->volume) &&", "true &&"),
    ("a vanished case is not listed", "reports/compare/compare.c",
     "if (!olds[i].found && olds[i].follows == number)", "if (0)"),
    ("results of another format are read", "reports/json/read.c",
     "	else if (number != RESULTS_FORMAT)", "	else if (number < 0)"),
    ("a key that is missing is read as 0", "reports/json/read.c",
     'return wrong(r, &in, "is missing");', "continue;"),
    ("an unknown value is written as 0", "reports/json/write.c",
     "	return field->present != 0 &&\n", "	return false &&\n"),
    ("known failures are passed in the files for CI", "reports/ci/case.c",
     "return reasons_first(reasons, true) != NULL ? CASE_KNOWN : CASE_PASSED;",
     "return CASE_PASSED;"),
    ("expectations that hold are reasons of a failure",
     "reports/ci/reasons.c", "	if (!known && e->passed)\n",
     "	if (known && e->passed)\n"),
    ("a summary has no limit", "reports/bounded.c",
     "b->bytes_count + reserve <= b->left;",
     "b->bytes_count + reserve > 0;"),
    ("the tenth error hides the others", "reports/ci/annotations.c",
     "? CI_ANNOTATIONS_MAX - 1", "? CI_ANNOTATIONS_MAX"),
    ("published values have ten times their tolerance",
     "reports/published.c",
     "fabs(report_published_error(v)) <= v->tolerance",
     "fabs(report_published_error(v)) <= 10 * v->tolerance"),
    ("a write that is not examined meets the early warning",
     "vtl/drive/quick.c",
     "bytes = bytes > 0 ? (bytes - 1) / block * block : 0;",
     "bytes += 2 * block;"),
    ("a full buffer has room while its fill falls", "sim/run/virtual/leap.c",
     "	return holds(c->take_ns * room + run * first_ns,",
     "	return most + 0 * holds(c->take_ns * room + run * first_ns,"),
    ("a gap before the next piece is not seen", "sim/run/virtual/leap.c",
     "piece * first_ns + each,",
     "piece * earlier(first_ns, c->each_ns) + each,"),
    ("the pieces of two segments are alike", "sim/run/virtual/leap.c",
     "	    a->segments != b->segments ||\n", ""),
    ("a leap goes beyond the highest fill", "sim/run/virtual/leap.c",
     "top = s->sums->fill_max_bytes;", "top = UINT64_MAX;"),
    ("a leap goes over a sample", "sim/run/virtual/leap.c",
     "earlier(until_ns, series_next_ns(s->sums->series));",
     "earlier(until_ns,\n"
     "		    2 * series_next_ns(s->sums->series));"),
    ("a leap reaches the end of the dump", "sim/run/virtual/leap.c",
     "return room > s->brought ? room - s->brought : 0;", "return room;"),
    ("a write that failed is repeated", "sim/run/virtual/leap.c",
     "	    s->result.cause == TAPE_OK && !s->result.leom &&\n", ""),
    ("a leap takes one write more than the part has", "splitter/core/repeat.c",
     "core_min(runs - 1, most)", "core_min(runs, most)"),
    ("the spool does not take what a leap brings", "splitter/core/repeat.c",
     "	if (c->config.cache == SPLITTER_CACHE_SPOOL)\n		c->cached =",
     "	if (0)\n		c->cached ="),
    ("repeated runs go beyond a window", "vtl/motion/repeat.c",
     "		limit_end(r, m->window_ns - 1);", "		;"),
    ("repeated runs go beyond the write delay", "vtl/motion/repeat.c",
     "	if (m->model.write_delay_ns > 0)\n		limit_end(r,",
     "	if (0)\n		limit_end(r,"),
    ("the run that is being written counts as waiting", "sim/run/virtual/sample.c",
     "s->out ? bytes - sums_new_bytes(&s->step, s->core.consumed)",
     "s->out && bytes == 1 ? 0"),
    ("a drive works for no dump", "sim/run/measure/usage.c",
     "	if (a->dump != NOBODY)\n		add(", "	if (0)\n		add("),
    ("a drive starves until the end of the backhitch", "vtl/motion/motion.c",
     "	if (!flushed)\n		m->starves_since_ns = m->free_ns;",
     "	if (!flushed && m->bytes > 0)\n"
     "		m->starves_since_ns = m->free_ns;"),
    ("a restore reads from the beginning of each volume",
     "sim/run/measure/restoring.c", "		.begin_byte = r->begin_byte,",
     "		.begin_byte = 0,"),
    ("capacity of the last volume is wasted", "sim/run/measure/measure.c",
     "		if (volume->finished &&\n", "		if (\n"),
    ("failed attempts rewrite nothing", "sim/run/measure/recorder.c",
     "		r->totals.failed_bytes += report->bytes;",
     "		r->totals.failed_bytes += 0;"),
    ("a spool holds only the last append", "splitter/write/dump_run.c",
     "		outcome->cache_bytes = upto - core->committed;",
     "		outcome->cache_bytes = 1;"),
    ("a CHAP response is compared in its first half only",
     "vtl/iscsi/authentication.c",
     "chap_equal(given, expected, bytes) &&",
     "chap_equal(given, expected, bytes / 2) &&"),
    ("any CHAP user is accepted",
     "vtl/iscsi/authentication.c",
     " && strcmp(name, entry->user) == 0;",
     ";"),
    ("the challenge of the target may come back",
     "vtl/iscsi/authentication.c",
     "bytes == own && memcmp(",
     "bytes == own + 1 && memcmp("),
    ("the target responds to an initiator that failed",
     "vtl/iscsi/authentication.c",
     "	if (!is_right(a, entry, name, response))\n",
     "	if (!is_right(a, entry, name, response) && challenge == NULL)\n"),
    ("a login may begin after the security stage",
     "vtl/iscsi/login.c",
     "	    login->authentication.state != AUTHENTICATION_PASSED)\n"
     "		return ISCSI_LOGIN_AUTHENTICATION_FAILED;",
     "	    login->authentication.state == AUTHENTICATION_RESPONSE)\n"
     "		return ISCSI_LOGIN_AUTHENTICATION_FAILED;"),
    ("the name of an initiator may change in a login",
     "vtl/iscsi/login_check.c",
     "	if (login->identified && !is_same(older, &now))",
     "	if (0)"),
    ("another value of a key is accepted",
     "vtl/iscsi/login_check.c",
     "strcmp(older, pair.value) != 0)",
     "0)"),
    ("a login has any number of requests",
     "vtl/iscsi/login.c",
     "	if (++login->requests > ISCSI_LOGIN_REQUESTS)",
     "	if (++login->requests == 0)"),
    ("login texts have no limit in sum",
     "vtl/iscsi/login.c",
     "	if (login->text_bytes > ISCSI_TEXT_BYTES)",
     "	if (0)"),
    ("all initiators are allowed",
     "vtl/iscsi/login.c",
     "	if (!iscsi_access_allows(owner->access, p->initiator_name))",
     "	if (0)"),
    ("a key has any length",
     "vtl/iscsi/text.c",
     "equals - pair > ISCSI_TEXT_KEY_BYTES",
     "equals - pair > 8 * ISCSI_TEXT_KEY_BYTES"),
    ("the first burst is longer than the burst",
     "vtl/iscsi/parameters.c",
     "	if (key->field == FIELD(first_burst_bytes) && ours > p->max_burst_bytes)\n"
     "		ours = p->max_burst_bytes;\n",
     ""),
    ("immediate data is used though an initiator does not send it",
     "vtl/iscsi/parameters.c",
     "		theirs = theirs && key->ours;",
     "		theirs = key->ours;"),
    ("an older part of an answer is sent again",
     "vtl/iscsi/discovery.c",
     "	if (++discovery->tag == ISCSI_NO_TAG)",
     "	if (discovery->tag == 0 && ++discovery->tag == ISCSI_NO_TAG)"),
    ("a CHAP file that a group can read is used",
     "vtl/iscsi/chap_file.c",
     "(st.st_mode & 077) != 0",
     "(st.st_mode & 07) != 0"),
    ("a target may have the secret of an initiator",
     "vtl/iscsi/chap_file.c",
     "	else if (strcmp(entry->secret, older->entry.target_secret) == 0 ||",
     "	else if ("),
    ("the length of an additional header is not checked",
     "vtl/iscsi/pdu.c",
     "		if (bytes + iscsi_padding(bytes) > pdu->ahs_bytes - at)",
     "		if (bytes == 0)"),
    ("the padding is not a part of the data digest",
     "vtl/iscsi/pdu.c",
     "	    crc32c(crc32c(0, data, bytes), padding, iscsi_padding(bytes)));",
     "	    crc32c(crc32c(0, data, bytes), padding, 0));"),
    ("descriptors are cut at the byte", "vtl/scsi/smc/element_status.c",
     "		if (!fits(call, each))\n			return false;\n", ""),
    ("the page after a short one is sent", "vtl/scsi/smc/element_status.c",
     "		if (!reply_page(call, form, elements, n))\n			return;",
     "		reply_page(call, form, elements, n);"),
    ("a slot that was found empty stays full", "vtl/scsi/smc/descriptor.c",
     "element->full && !smc_is_found_empty(smc, element->address);",
     "element->full;"),
    ("a loaded drive gives access to the robot", "vtl/scsi/smc/descriptor.c",
     "drive->identity != NULL && !drive->loaded)",
     "drive->identity != NULL)"),
    ("one host ends the prevention of all", "vtl/scsi/smc/smc.c",
     "smc->nexuses.prevented &= ~bit;", "smc->nexuses.prevented = 0;"),
    ("a locked door takes cartridges", "vtl/scsi/smc/move.c",
     "return smc->nexuses.prevented != 0 && address >= CHANGER_IE_ADDRESS &&",
     "return address == 0 && address >= CHANGER_IE_ADDRESS &&"),
    ("address 0 is the source address", "vtl/scsi/smc/move.c",
     " ||\n	    !has_place(call, move.to))",
     " ||\n	    (move.to != 0 && !has_place(call, move.to)))"),
    ("the robot brings a drive only what it can use", "vtl/changer/move.c",
     "	else if (!any)\n", "	else\n"),
    ("an abort does not wait for the command in progress",
     "vtl/iscsi/target/task_abort.c",
     "waits = function->resets || is_current(set, which);",
     "waits = function->resets;"),
    ("task management that waits has no bound",
     "vtl/iscsi/target/management.c",
     "c->requests < ISCSI_REQUESTS_MAX", "c->requests < 1000"),
    ("a nexus that is lost keeps its last reservation",
     "vtl/iscsi/target/node.c",
     "	lose_nexus(node, nexus);\n	node->sessions", "	node->sessions"),
    ("a snapshot stops the drives again and again", "vtl/serve/obstacle.c",
     "	if (is_same(serve))\n", "	if (false)\n"),
    ("an aborted command sends its status",
     "vtl/iscsi/target/task_set.c",
     "task->done(task, aborted ? NULL : &set->answer);",
     "task->done(task, &set->answer);"),
    ("a command whose data is missing is overtaken",
     "vtl/iscsi/target/task_queue.c",
     "(task->state != ISCSI_TASK_READY || is_delayed(queue, task)))",
     "task->state != ISCSI_TASK_READY)"),
    ("the worker sleeps on when a command is not quick",
     "vtl/iscsi/target/task_set.c",
     "	set->current = NULL;\n	iscsi_task_set_wake_worker(set);\n}",
     "	set->current = NULL;\n}"),
    ("a command that was aborted while it was asked is executed",
     "vtl/iscsi/target/task_set.c",
     "execute(set, task, true) || set->aborted)", "execute(set, task, true))"),
    ("a command whose data is missing delays all initiators",
     "vtl/iscsi/target/task_queue.c",
     "	while (t != task && t->command.nexus != task->command.nexus)\n"
     "		t = t->next;\n"
     "	for (; t != task; t = t->next)\n"
     "		if (t->state == ISCSI_TASK_WAITING &&\n"
     "		    t->command.nexus == task->command.nexus)",
     "	for (; t != task; t = t->next)\n"
     "		if (t->state == ISCSI_TASK_WAITING)"),
    ("the time of an aborted command is waited for",
     "vtl/library/unit_clock.c",
     "	if ((p->returned_ns > now_ns) == early) {",
     "	if (!early && p->returned_ns <= now_ns) {"),
    ("a paced command ends at once",
     "vtl/iscsi/target/task_set.c",
     "		    set->until_ns - unit_clocks_real_ns(set->clocks) >=\n"
     "			PACE_SLEEP_MIN_NS) {",
     "		    set->until_ns < 0) {"),
    ("a reset leaves the commands of others",
     "vtl/iscsi/target/task_abort.c",
     "static const struct iscsi_abort everything = { .nexus = ISCSI_EVERY_NEXUS };",
     "static const struct iscsi_abort everything = { .nexus = 0 };"),
    ("a login after a kill is quiet", "vtl/iscsi/target/node.c",
     "	return !node->held_medium[unit];", "	return true;"),
    ("CHECK CONDITION is in the last Data-In",
     "vtl/iscsi/target/response.c",
     "		if (end == bytes && good) {",
     "		if (end == bytes) {"),
    ("F is missing at the end of a sequence of data",
     "vtl/iscsi/target/response.c",
     "		if (end < bytes && end % p->max_burst_bytes != 0)",
     "		if (end < bytes)"),
    ("an overflow is an underflow",
     "vtl/iscsi/target/response.c",
     "residual < 0 ? ISCSI_OVERFLOW : ISCSI_UNDERFLOW",
     "ISCSI_UNDERFLOW"),
    ("StatSN of an R2T is used up",
     "vtl/iscsi/target/command.c",
     "iscsi_output_add(c, o, &pdu, ISCSI_STAT_SN_NEXT);",
     "iscsi_output_add(c, o, &pdu, ISCSI_STAT_SN_TAKE);"),
    ("DataSN goes on over sequences",
     "vtl/iscsi/target/command.c",
     "		t->data_sn = 0;\n",
     ""),
    ("the order of Data-Out is not checked",
     "vtl/iscsi/target/command.c",
     "	if (iscsi_get(pdu, ISCSI_AT_OFFSET) != t->collected)",
     "	if (0)"),
    ("Data-Out may be longer than asked for",
     "vtl/iscsi/target/command.c",
     "	if (pdu->data_bytes > t->burst_end - t->collected)",
     "	if (pdu->data_bytes > t->out_bytes - t->collected)"),
    ("the data of commands have no bound",
     "vtl/iscsi/target/buffer.c",
     "	if (c->charged_bytes + bytes > ISCSI_SESSION_BYTES)\n"
     "		return false;",
     "	if (0)\n"
     "		return false;"),
    ("the buffer does not hold the block of the initiator",
     "vtl/drive/take.c", "		block_hold(e->block);\n", ""),
    ("a lost block is not given back",
     "vtl/drive/buffer.c", "	block_drop(e->block);\n", ""),
    ("a pool keeps any number of unused blocks", "vtl/base/block_pool.c",
     "		trim(pool);\n	pool->unused[", "		(void)0;\n	pool->unused["),
    ("answers that wait have no bound",
     "vtl/iscsi/target/output.c",
     "	if (bytes > ISCSI_ANSWERS_BYTES - c->output_bytes) {",
     "	if (0) {"),
    ("a command that is too early is executed",
     "vtl/iscsi/target/receive.c",
     "	if (cmd_sn == c->exp_cmd_sn)",
     "	if (!iscsi_serial_before(cmd_sn, c->exp_cmd_sn))"),
    ("a wrong header digest is accepted",
     "vtl/iscsi/target/receive.c",
     "	iscsi_pdu_header_digest(pdu, digest);\n"
     "	if (memcmp(digest, received, sizeof digest) == 0)",
     "	iscsi_pdu_header_digest(pdu, digest);\n"
     "	if (received[0] + 1 > 0)"),
    ("an initiator that does not read is kept",
     "vtl/iscsi/target/receive.c",
     "	else if (now >= stalled_ns)",
     "	else if (0)"),
    ("LUNs of other forms name units",
     "vtl/iscsi/target/command.c",
     "	if ((lun[0] & METHOD) != FLAT && lun[0] != 0)",
     "	if (0)"),
    ("a new login leaves the older session",
     "vtl/iscsi/target/node.c",
     "		if (s->live && same_port(&s->port, port))",
     "		if (s->live && s->tsih == 0 && same_port(&s->port, port))"),
    ("a nexus is given to another port too early",
     "vtl/iscsi/target/node.c",
     "		if (best == NULL || s->left < best->left)",
     "		if (best == NULL || s->left > best->left)"),
    ("unsolicited data of a refused command end the session",
     "vtl/iscsi/target/command.c",
     "	if (!iscsi_flag(&c->pdu, ISCSI_FINAL)) {",
     "	if (0) {"),
    ("a drive outside a library has pages about one",
     "vtl/scsi/pages/vpd.c",
     "(pages[i].page != call->cdb[2] || !has_page(call, i))",
     "(pages[i].page != call->cdb[2])"),
    ("MODE SELECT takes bits that cannot be changed",
     "vtl/scsi/pages/mode_select.c",
     "		if (fixed == 0)\n",
     "		if (fixed != 1)\n"),
    ("an unchanged page undoes a changed one",
     "vtl/scsi/pages/mode_select.c",
     "	if (changes && page->take != NULL)",
     "	if (page->take != NULL)"),
    ("a rounded size is not reported",
     "vtl/scsi/pages/mode_select.c",
     "== SCSI_ROUNDED)",
     "> SCSI_INVALID)"),
    ("the current modes are reported as defaults",
     "vtl/scsi/pages/mode_sense.c",
     "	if (request->control == DEFAULT) {",
     "	if (request->control > DEFAULT) {"),
    ("thresholds clear the TapeAlert flags",
     "vtl/scsi/pages/log.c",
     "	keep = control != CURRENT || first > ALERTS;",
     "	keep = first > ALERTS;"),
    ("LOG SENSE ignores the parameter pointer",
     "vtl/scsi/pages/log.c",
     "			if (log.parameters[i].code >= first)\n",
     "			if (log.parameters[i].code <= UINT16_MAX)\n"),
    ("a density that is only read can be written",
     "vtl/scsi/pages/density.c",
     "	if (type == NULL || model_use(model, type) == MEDIA_WRITE)",
     "	if (type == NULL || model_use(model, type) != MEDIA_NONE)"),
    ("page 11h has only the sizes that are defined",
     "vtl/scsi/pages/mode_partition.c",
     "(size_t)mode->partitions.additional_max + 1;",
     "(size_t)mode->partitions.additional + 1;"),
    ("a deferred error is no write error",
     "vtl/scsi/drive_result.c",
     "from->deferred ? SCSI_WRITING : doing,",
     "doing,"),
    ("software write protection protects nothing",
     "vtl/drive/protect.c",
     "	else if (drive->options.write_protected)",
     "	else if (drive->options.write_protected && drive->loads > 999)"),
    ("a block that is not stored reads as what was there",
     "vtl/scsi/read.c",
     "		memset(buf, 0, a.bytes);", "		(void)buf;"),
    ("a read moves the tape though too little is expected",
     "vtl/scsi/ssc/transfer.c",
     "	if (!device_expects_in(call, transfer.bytes))\n		return;\n",
     ""),
    ("a label is not kept without payload", "vtl/scsi/ssc/transfer.c",
     "	run->keep = true;\n", ""),
    ("a block after buffered filemarks is no label", "vtl/scsi/write.c",
     "at->object == 0 || at->object == unit->after_filemarks;",
     "at->object == 0 && unit != NULL;"),
    ("a number that is too large is no error of the position",
     "vtl/scsi/ssc/position.c", "		data[0] |= PERR;\n", ""),
    ("space has no negative count", "vtl/scsi/ssc/position.c",
     "count < 0x800000 ? count : count - 0x1000000", "count"),
    ("a command does not wait for one with IMMED", "vtl/scsi/unit.c",
     "return now_ns > unit->busy_until_ns ? now_ns : unit->busy_until_ns;",
     "return unit->busy_until_ns >= 0 ? now_ns : 0;"),
    ("a reset of the unit keeps the modes", "vtl/scsi/unit.c",
     "	drive_flush(unit->drive, now_ns, &a);\n	scsi_mode_default(unit);",
     "	drive_flush(unit->drive, now_ns, &a);"),
    ("VERIFY does not compare", "vtl/scsi/verify.c",
     "if (!result->check && expected != NULL &&",
     "if (result->check && expected != NULL &&"),
    ("bits of a LUN are ignored where they mean something",
     "vtl/scsi/device/device.c",
     "cdb[1] &= 0x1f | row->usage[1];", "cdb[1] &= 0x1f;"),
    ("a reservation outlives its nexus", "vtl/scsi/device/device.c",
     "	reservation_nexus_lost(&device->reservations, nexus);\n"
     "	pthread_mutex_unlock", "	pthread_mutex_unlock"),
    ("the visitor of a locked device is forgotten", "vtl/scsi/device/device.c",
     "	} while (device->asked && device_trylock(device));",
     "		device->asked = false;\n	} while (false);"),
    ("a command comes before a visit", "vtl/scsi/device/device.c",
     "	pthread_mutex_lock(&device->lock);\n	begin(device);\n",
     "	pthread_mutex_lock(&device->lock);\n"),
    ("VERIFY continues after an abort", "vtl/scsi/verify.c",
     "	if (ended == NULL || !*ended)\n", "	if (ended != NULL)\n"),
    ("a reset keeps the reservation", "vtl/scsi/device/device.c",
     "	reservation_reset(&device->reservations);\n", ""),
    ("registrants conflict with each other",
     "vtl/scsi/device/reservation.c",
     "(own->holds || reservation_is_for_registrants(r->type)))",
     "own->holds)"),
    ("a preemptor removes itself", "vtl/scsi/device/persistent_out.c",
     "if ((takes && one == reservation_find(r, port)) ||\n		    (",
     "if (("),
    ("PREEMPT AND ABORT ends no commands", "vtl/iscsi/target/task_set.c",
     "	end_preempted(set);\n	set->executing", "	set->executing"),
    ("an expectation that fails does not fail the scenario", "sim/run/measure/judge.c",
     "		if (!results_expectation_is_met(&s->expectations[i]))\n"
     "			s->status = RESULTS_FAILED;",
     "		(void)0;"),
    ("faults need not strike", "sim/run/measure/implied.c",
     "		if (judge_fault(&s->faults[i], interrupted, s) != 0)",
     "		if (i > s->faults_count && judge_fault(&s->faults[i], interrupted, s)"
     " != 0)"),
    ("an unreached fault may strike", "reports/results.c",
     "return (fault->strikes == 0) == fault->unreached;",
     "return fault->unreached || fault->strikes > 0;"),
    ("a dump need not be DONE", "sim/run/measure/implied.c",
     "		if (strcmp(s->dumps[i].outcome, \"DONE\") != 0 &&",
     "		if (strcmp(s->dumps[i].outcome, \"FAILED\") == 0 &&"),
    ("a known expectation that holds is met", "reports/results.c",
     "return e->passed != known;",
     "return e->passed || known;"),
    ("a value equal to a bound is below it", "sim/metrics/compare.c",
     "		return sign < 0;",
     "		return sign <= 0;"),
    ("a value equal to a bound is above it", "sim/metrics/compare.c",
     "		return sign > 0;",
     "		return sign >= 0;"),
    ("a range has no lower end", "sim/metrics/compare.c",
     "return sign >= 0 && compare(def->type, found, upper) <= 0;",
     "return compare(def->type, found, upper) <= 0;"),
    ("a range has no upper end", "sim/metrics/compare.c",
     "return sign >= 0 && compare(def->type, found, upper) <= 0;",
     "return sign >= 0;"),
    ("an undefined value fulfils a comparison", "sim/metrics/compare.c",
     "	if (!found->defined)\n"
     "		return false;",
     "	if (!found->defined)\n"
     "		return true;"),
    ("a tolerance in percent is one of bytes", "sim/metrics/compare.c",
     "width = relative ? middle * tolerance.real / 100",
     "width = relative ? tolerance.real"),
    ("a text contains every other one", "sim/metrics/compare.c",
     "			   value->text) != NULL;",
     "			   value->text) != NULL || true;"),
    ("a bare fact always holds", "sim/metrics/fact.c",
     "compare_quantity(def, found) > 0",
     "compare_quantity(def, found) >= 0"),
    ("the cause in an attempts line is ignored", "sim/metrics/line.c",
     "		if (length_without_cause(&y) == y.length)\n"
     "			x.length",
     "		y.length = length_without_cause(&y);\n"
     "		if (true)\n"
     "			x.length"),
    ("the volume in an attempts line is ignored", "sim/metrics/line.c",
     "		if (piece_is_barcode(&x) && !piece_is_barcode(&y))\n"
     "			x = piece_next(x.at + x.length);",
     "		if (piece_is_barcode(&x))\n"
     "			x = piece_next(x.at + x.length);\n"
     "		if (piece_is_barcode(&y))\n"
     "			y = piece_next(y.at + y.length);"),
    ("attempts count from 0", "sim/run/measure/facts.c",
     "uint64_t left = e->number - 1;",
     "uint64_t left = e->number;"),
    ("the first load of a volume is its last", "sim/run/measure/facts.c",
     "v->loaded_ns >= (*last)->loaded_ns",
     "v->loaded_ns > INT64_MAX - 1"),
    ("warnings lack why volumes were closed", "sim/run/measure/facts.c",
     "			print_line(to, d->volumes[i].reason);",
     "			(void)i;"),
    ("warnings lack what failed besides attempts", "sim/run/measure/facts.c",
     "			print_line(to, d->warnings[i].text);",
     "			(void)i;"),
    ("a strike is of no attempt", "sim/run/measure/strikes.c",
     "			where->attempt = d->attempt;",
     "			where->attempt = 0;"),
    ("only the first strike counts", "sim/run/measure/strikes.c",
     "if (to->strikes++ >= RESULTS_STRIKES_MAX)",
     "if (to->strikes >= 1 || to->strikes++ >= RESULTS_STRIKES_M"
     "AX)"),
    ("a header that fails leaves its attempt to the strike", "sim/run/measure/strikes.c",
     "	if (s->dumps[dump].attempt != 0)\n"
     "		abandon_attempt(s, dump);\n",
     ""),
    ("each robot fault strikes", "sim/run/measure/strikes.c",
     "return (int64_t)++ * moves == incident->robot_fault;",
     "return incident->robot_fault != 0;"),
    ("the read-back does not compare data", "sim/run/measure/verify.c",
     "		if (!same_block(v) || v->c.got.bytes > end - v->offset)",
     "		if (v->c.got.bytes > end - v->offset)"),
    ("the read-back believes the header of any part", "sim/run/measure/verify.c",
     "	if (h.part != a->part || h.attempt != a->attempt || h.fil"
     "e != a->file ||\n",
     "	if (h.file != a->file ||\n"),
    ("the read-back ends before the safe bytes", "sim/run/measure/verify.c",
     "if (same && v.offset != r->safe_bytes)",
     "if (same && v.offset > r->safe_bytes)"),
    ("a part need not end with a filemark", "sim/run/measure/verify.c",
     "	cursor_read(&v->c);\n"
     "	return v->c.result.cause == TAPE_FILEMARK ||\n"
     "	    differs(v,\n"
     "		\"part",
     "	return v->c.result.cause != TAPE_FILEMARK ||\n"
     "	    differs(v,\n"
     "		\"part"),
    ("attempts that failed are read back", "sim/run/measure/verify.c",
     "		if (r->attempts[i].committed)",
     "		if (r->attempts[i].bytes > 0)"),
    ("a part may begin anywhere", "sim/run/measure/verify.c",
     "	if (a->offset_bytes != v->offset)",
     "	if (a->offset_bytes > UINT64_MAX - 1)"),
    ("the label of a volume is of any dump", "sim/run/measure/verify.c",
     "	return (h->type == type && h->dump_id == v->r->dump_id &&",
     "	return (h->type == type &&"),
    ("JUnit counts known failures as failures", "reports/ci/junit.c",
     "sums->failures += c.result == CASE_FAILED;",
     "sums->failures += c.result != CASE_PASSED;"),
    ("JUnit does not count skipped cases", "reports/ci/junit.c",
     "		    c.result == CASE_SKIPPED || c.result == CASE_KNOWN;",
     "		    c.result == CASE_SKIPPED;"),
    ("JUnit shows a failed case as skipped", "reports/ci/junit.c",
     "c->result == CASE_FAILED ? \"failure\" : \"skipped\";",
     "c->result == CASE_KNOWN ? \"failure\" : \"skipped\";"),
    ("JUnit shows only the first reason", "reports/ci/junit.c",
     "for (size_t i = 0; i < c->reasons.count; i++) {",
     "for (size_t i = 0; i < 1 && i < c->reasons.count; i++) {"),
    ("JUnit has no command to run again", "reports/ci/junit.c",
     "if (*report_words_or_empty(c->scenario->repeat) == '\\0')",
     "if (*report_words_or_empty(c->scenario->repeat) != 'x')"),
    ("JUnit does not escape text", "reports/ci/junit.c",
     "	report_text_html(out, text);\n"
     "	fputc('\\n', out);",
     "	fputs(text, out);\n"
     "	fputc('\\n', out);"),
    ("the rate of parts counts failed attempts", "sim/run/measure/measure.c",
     "		if (!s->attempts[i].committed)\n"
     "			continue;\n"
     "		bytes +=",
     "		bytes +="),
    ("the throughput is that of the tape", "sim/run/measure/measure.c",
     "set_rate(&v[METRIC_THROUGHPUT_MEAN], o->accepted_bytes, o-"
     ">duration_ns);",
     "set_rate(&v[METRIC_THROUGHPUT_MEAN], sums->tape_bytes, o->"
     "duration_ns);"),
    ("the percentiles are in reverse order", "sim/run/measure/measure.c",
     "	set_real(&v[first], spread->p5);",
     "	set_real(&v[first], spread->p95);"),
    ("a volume in use is wasted", "sim/run/measure/measure.c",
     "		if (volume->finished &&\n"
     "		    volume->capacity_bytes",
     "		if (volume->capacity_bytes"),
    ("labels take no time of headers", "sim/run/measure/measure.c",
     "ns[RESULTS_HOST_HEADERS] = step_ns[CORE_LABEL] + step_ns[C"
     "ORE_HEADER] +",
     "ns[RESULTS_HOST_HEADERS] = step_ns[CORE_HEADER] +"),
    ("the lowest fill of several dumps is the highest", "sim/metrics/total.c",
     "{ METRIC_BUFFER_FILL_MIN, LEAST, 0 }",
     "{ METRIC_BUFFER_FILL_MIN, MOST, 0 }"),
    ("a calibration writes wherever the drive is", "sim/calibrate/host.c",
     "at.file == TAPE_POSITION_UNKNOWN || at.file == file", "1"),
    ("a calibration continues after an error", "sim/calibrate/host.c",
     "	c->ended = true;\n	r->end = CALIBRATE_FAILED;",
     "	r->end = CALIBRATE_FAILED;"),
    ("a late host counts as a fault of the drive", "sim/calibrate/late.c",
     "v->off_s > fmax(cal_doubt(c), still_s)", "1"),
    ("a disturbed measurement is a speed", "sim/calibrate/speed_rule.c",
     "bool stray = false;\n\n		for (size_t k = 0; k < count &&",
     "bool stray = false;\n\n		for (size_t k = 0; 0 &&"),
    ("measurements of a feed need not agree", "sim/calibrate/speeds.c",
     "(cal_is_real(c) && most < n - most + 2)", "0"),
    ("an error as large as the value is no error", "sim/calibrate/late.c",
     "if (error >= fabs(value) && error > 0)", "if (0)"),
    ("what a late host may be wrong is no spread", "sim/calibrate/late.c",
     "fmax(spread, error), samples", "spread, samples"),
    ("a host that stood still waited for the tape",
     "sim/calibrate/threshold.c", "(is_real && usual_growth(", "(0 && usual_growth("),
    ("a late host keeps any buffer full", "sim/calibrate/full.c",
     "if (cal_is_real(c) && (f.n < REPEATS || f.slow))", "if (0)"),
    ("a host with short blocks is as fast as it can be",
     "sim/calibrate/full.c", "if (c->long_block <= c->block ||",
     "if (1 || c->long_block <= c->block ||"),
    ("a level is one also if the write delay started the tape",
     "sim/calibrate/threshold.c", "if (c->delay <= 0 && n >= 2)", "if (0)"),
    ("a disturbed feed decides on the level", "sim/calibrate/threshold.c",
     "leave_stray_out(c, w, n)", "n"),
    ("a write that a kill cut short is that of another program",
     "sim/calibrate/files/journal.c", "j->writing = true;\n		return true;",
     "return true;"),
    ("the first write after a load is announced after it",
     "sim/calibrate/host.c", "|| !tell_writing(c))", "|| 0)"),
    ("a pause is a turn although the buffer ran out",
     "sim/calibrate/stream.c", "if (late > c->buffer / c->top / 2)",
     "if (0)"),
    ("any restart level fits", "sim/calibrate/threshold.c",
     "if (spread > allowed && low > high)", "if (0)"),
    ("any backhitch fits", "sim/calibrate/speed_rule.c",
     "if (fit.worst * 100 > CAL_PERCENT * y[0] ||", "if ("),
    ("any rule of speeds fits", "sim/calibrate/speed_rule.c",
     "if (v.missed * 50 > count)", "if (0)"),
    ("any steady feed fits", "sim/calibrate/rates.c",
     "if (again < n)", "if (0)"),
    ("a slow bus gives a restart level", "sim/calibrate/threshold.c",
     "if (c->bus < 1.5 * c->top)", "if (0)"),
    ("a calibration is continued with any drive",
     "sim/calibrate/files/journal.c",
     "is != NULL && strcmp(is, same[i].value) == 0", "is != NULL"),
    ("a torn sample stays", "sim/calibrate/files/journal.c",
     "ftruncate(fileno(j->file), end) != 0", "0"),
    ("the duration of several dumps is a sum", "sim/metrics/total.c",
     "{ METRIC_DURATION, LENGTH, 0 }",
     "{ METRIC_DURATION, MOST, 0 }"),
    ("the outcome of several dumps is the best", "sim/metrics/total.c",
     "		return LAST_WORD;\n"
     "	case METRIC_ATTEMPTS_LINE:",
     "		return NONE;\n"
     "	case METRIC_ATTEMPTS_LINE:"),
    # Robots.
    ("a cartridge goes into a slot that is not empty",
     "splitter/changer/mover.c", "	else if (home->full)\n",
     "	else if (0)\n"),
    ("a cartridge goes into a slot that is not its own",
     "splitter/changer/mover.c",
     "		slot = inventory_storage(&m->now, drive->source);\n"
     "	return slot;",
     "		slot = inventory_storage(&m->now, drive->source);\n"
     "	for (size_t i = 0; slot == NULL && i < m->now.count; i++)\n"
     "		if (m->now.elements[i].kind == ELEMENT_SLOT &&\n"
     "		    !m->now.elements[i].full)\n"
     "			slot = &m->now.elements[i];\n"
     "	return slot;"),
    ("a cartridge is put into an import/export slot",
     "splitter/changer/mover.c",
     "	else if (home->kind != ELEMENT_SLOT)\n", "	else if (0)\n"),
    ("a cleaning cartridge is moved", "splitter/changer/mover.c",
     "	if (e->medium == MEDIUM_CLEANING ||", "	if ("),
    ("a cartridge that was not named is moved", "splitter/changer/mover.c",
     "	else if (find_named(m, e->barcode) == NULL)",
     "	else if (0)"),
    ("another hand is not noticed", "splitter/changer/mover.c",
     "	inventory_clear(&before);\n	if (equal)\n",
     "	inventory_clear(&before);\n	if (1 || equal)\n"),
    ("a move without answer is sent again", "splitter/changer/mover.c",
     "	     moved == AUTOCHANGER_ATTENTION;\n",
     "	     moved != AUTOCHANGER_MOVED;\n"),
    ("a serial number of several drives is a proof",
     "splitter/changer/proof.c",
     "count_serial(inventory, e->serial) > 1", "0"),
    ("a drive that is not proven is loaded", "splitter/changer/loader.c",
     "		if (drive == NULL)\n"
     "			return not_proven(l, device, why, err, err_bytes);",
     "		if (drive == NULL)\n"
     "			drive = l->drives.drives;"),
    ("the memory of the cartridge is not compared",
     "splitter/changer/loader.c",
     "!barcodes_disagree(e->barcode, stored)", "1"),
    # Acceptance of a drive that exists.
    ("one medium error blames the drive", "sim/accept/judge.c",
     "	if (medium && is_of_two(r, t, name)) {",
     "	if (medium && (!others || is_of_two(r, t, name))) {"),
    ("tests continue after a hardware error", "sim/accept/judge.c",
     "	accept_stop(r, \"the drive reported a hardware error\");\n", ""),
    ("the first drive is blamed for trouble of the second",
     "sim/accept/second.c", "first_read_back && trouble == NULL;",
     "first_read_back;"),
    ("the first drive is blamed for a tape that none reads",
     "sim/accept/second.c", "unread && first_read_back &&", "unread &&"),
    ("writing reaches the second drive", "sim/accept/watch.c",
     "w->config.reading && hook", "false && hook"),
    ("read errors are divided by the bytes written", "sim/accept/errors.c",
     "						    : c->read_bytes);",
     "						    : c->written_bytes);"),
    ("tests continue in a hot drive", "sim/accept/flags.c",
     "		accept_stop(r, \"the drive is too hot or too cold\");\n", ""),
    ("an exchanged cartridge is written", "sim/accept/admit.c",
     "differ(a->serial, serial)", "false"),
    ("a cartridge that others wrote is written", "sim/accept/admit.c",
     "differ(a->change, change)", "false"),
    ("a cartridge without its serial number is the first",
     "sim/accept/admit.c", "a->serial[0] != '\\0' && serial[0] == '\\0'",
     "false"),
    ("another drive continues an acceptance", "sim/accept/accept.c",
     "	    DIFFERS(a, found, serial))", "	    false)"),
    ("a killed test leaves a change reference", "sim/accept/save.c",
     "		r->record.cartridges[i].change = none;\n", ""),
    ("an acceptance loads what it may not write", "sim/accept/admit.c",
     "		sizeof reason) != VOLUME_POLICY_REFUSE &&",
     "		sizeof reason) != VOLUME_POLICY_APPEND &&"),
    ("a continued acceptance overwrites what others wrote",
     "sim/accept/admit.c", "	    (!a->begun || blank || free_label))",
     "	    true)"),
    ("a killed acceptance forgets that it looked at a cartridge",
     "sim/accept/cartridge.c",
     "	if (accept_save_running(r, why, sizeof why) == 0)",
     "	if (r->config != NULL)"),
    ("leave to overwrite outlives what was on a cartridge",
     "sim/accept/cartridge.c", "c != NULL && is_as_found(c)", "c != NULL"),
    ("a cartridge that was taken out is a fault of the drive",
     "sim/accept/others.c", "(s->key == ATTENTION && s->asc == 0x28)",
     "false"),
    ("a changer that fails is a fault of the drive", "sim/accept/cartridge.c",
     "	if (r->others.lost)\n		return;\n",
     "	if (r->config != NULL)\n		return;\n"),
    ("a trial writes another cartridge", "sim/accept/trial.c",
     "	if (verdict != ADMIT_YES)\n		return w->why;\n",
     "	if (verdict != ADMIT_YES)\n		w->why[0] = '\\0';\n"),
    ("a continued calibration takes any scratch label",
     "sim/calibrate/device/label.c",
     "		return check_label(l, now_ns, err, err_bytes);",
     "		return 0;"),
    ("a measurement writes after any label", "sim/run/steps/measure.c",
     "	    (!device || strcmp(label->purpose, HEADER_PURPOSE_TEST) == 0);",
     "	    (device || label->volume[0] != '\\0');"),
    ("a virtual drive is accepted as a real one", "reports/acceptance.c",
     "		fputs(\"VIRTUAL DRIVE: \", to);", "		fputs(\"\", to);"),
    ("a list in a condition is one value",
     "sim/compose/condition.c",
     "	for (size_t i = 0; wanted->kind == YAML_TREE_LIST && i < wanted->count;\n"
     "	     i++)",
     "	for (size_t i = 0; wanted->kind == YAML_TREE_LIST && i < 1;\n"
     "	     i++)"),
    ("one condition of an entry is enough",
     "sim/compose/condition.c",
     "		if (value == NULL ||\n"
     "		    !is_one_of(value, conditions->items[i + 1]))\n"
     "			return false;",
     "		if (i == 0 && (value == NULL ||\n"
     "		    !is_one_of(value, conditions->items[i + 1])))\n"
     "			return false;"),
    ("expectations of a row replace those of the file",
     "sim/compose/matrix.c",
     "	if (there == NULL || there->kind != YAML_TREE_LIST ||\n"
     "	    more->kind != YAML_TREE_LIST)",
     "	if (there != NULL || there == NULL)"),
    ("the last axis changes slowest",
     "sim/compose/matrix.c",
     "	for (size_t i = c->axes_count; i > 0; i--) {\n"
     "		choice->values[i - 1] =\n"
     "		    combination % c->axes[i - 1].values->count;\n"
     "		combination /= c->axes[i - 1].values->count;",
     "	for (size_t i = 1; i <= c->axes_count; i++) {\n"
     "		choice->values[i - 1] =\n"
     "		    combination % c->axes[i - 1].values->count;\n"
     "		combination /= c->axes[i - 1].values->count;"),
    ("a million cases are made",
     "sim/compose/matrix.c",
     "	if (!overflow && count <= max)\n"
     "		return;",
     "	if (count > 0)\n"
     "		return;"),
    ("the first included file is preferred",
     "sim/compose/file.c",
     "	for (size_t i = count; i > 0; i--) {\n"
     "		struct yaml_tree *tree = read_included(l, items[i - 1], by);",
     "	for (size_t i = count; i > 0; i--) {\n"
     "		struct yaml_tree *tree = read_included(l, items[count - i], by);"),
    ("overrides come before the included files",
     "sim/compose/file.c",
     "	merge_included(l, root, &r);\n"
     "	apply_overrides(l, root);",
     "	apply_overrides(l, root);\n"
     "	merge_included(l, root, &r);"),
    ("two values have the same label",
     "sim/compose/label.c",
     "			again |= strcmp(labels[i], labels[j]) == 0;",
     "			again |= false;"),
    ("a tag with ! is ignored",
     "sim/suite/select.c",
     "			if (not &&found)\n"
     "				return false;",
     "			(void)0;"),
    ("a name with ! is ignored",
     "sim/suite/select.c",
     "		if (not &&found)\n"
     "			return false;",
     "		(void)0;"),
    ("a case of the other clock is run",
     "sim/suite/select.c",
     "	    e->clock == s->clock;",
     "	    e->clock != COMPOSE_ANY_CLOCK;"),
    ("scenarios below --out are run",
     "sim/suite/suite.c",
     "			fts_set(fts, e, FTS_SKIP);",
     "			(void)0;"),
    ("files that are only included are run",
     "sim/suite/suite.c",
     "return name[0] != '.' && name[0] != '_' &&",
     "return name[0] != '.' &&"),
    ("results are given out as they come",
     "sim/suite/pool.c",
     "	while (p->given < p->suite->count && p->waiting[p->given] != NULL &&\n"
     "	    !p->over)\n"
     "		give_one(p, p->waiting[p->given]);",
     "	for (size_t i = 0; i < p->suite->count && !p->over; i++)\n"
     "		if (p->waiting[i] != NULL) {\n"
     "			p->given = i;\n"
     "			give_one(p, p->waiting[i]);\n"
     "		}"),
    ("a file that others can write is read",
     "sim/command/config/find.c",
     "if ((status->st_mode & (S_IWGRP | S_IWOTH)) != 0) {",
     "if ((status->st_mode & S_IXOTH) != 0 && status->st_size < 0) {"),
    ("a file of another user is read",
     "sim/command/config/find.c",
     "	if (named || status->st_uid == 0 || status->st_uid == geteuid())",
     "	if (named || status->st_uid == 0 || status->st_size >= 0)"),
    ("options of the file replace those of the line",
     "sim/command/config/line.c",
     "	if (on_line(line, options, name) >= 0)\n"
     "		return true;",
     ""),
    ("an option of the file contradicts one of the line",
     "sim/command/config/line.c",
     "		if (excludes(line, options, i, name))\n"
     "			return true;",
     "		(void)excludes;"),
    ("run reads the configuration file",
     "sim/command/config/config.c",
     "	if (verb == NULL || verb->no_config)",
     "	if (verb == NULL)"),
    ("--config none reads the usual file",
     "sim/command/config/config.c",
     "(name != NULL && strcmp(name, \"none\") == 0)",
     "(name != NULL && strcmp(name, \"nothing\") == 0)"),
    ("a published value that is not met does not fail the scenario",
     "sim/run/measure/judge.c",
     "		if (!report_published_is_right(&s->published[i]))\n"
     "			s->status = RESULTS_FAILED;\n",
     ""),
    ("an expectation of any metric is about the outcome",
     "sim/run/measure/implied.c",
     "		    (s->expects[i].id == METRIC_OUTCOME ||\n"
     "			s->expects[i].id == METRIC_RESULT) &&\n",
     ""),
    ("safe bytes that differ do not fail the scenario",
     "sim/run/conclude.c",
     "	if (s->problem[0] != '\\0')\n"
     "		s->status = RESULTS_FAILED;",
     "	(void)0;"),
    ("a difference is always expected",
     "sim/run/conclude.c",
     "strcmp(e->value.text, \"different\") == 0)",
     "strcmp(e->value.text, \"same\") != 0)"),
    ("the read-back does not check what a header proves",
     "sim/run/measure/verify.c",
     "	if (h.before_bytes != v->before_bytes ||",
     "	if (h.before_bytes == UINT64_MAX ||"),
    ("a failed scenario ends with status 0",
     "sim/command/run/all.c",
     "	if (t->failed > 0)\n"
     "		return CMD_FAILED;\n",
     ""),
    ("an error in tapelab ends like a failed scenario",
     "sim/command/run/all.c",
     "	if (t->broken)\n"
     "		return CMD_BROKEN;\n",
     ""),
    ("a scenario that cannot be run ends like a failed one",
     "sim/command/run/all.c",
     "	if (t->impossible > 0)\n"
     "		return CMD_USAGE;\n",
     ""),
    ("failed scenarios are not counted",
     "sim/command/run/all.c",
     "	t->failed += status == RESULTS_FAILED;\n",
     ""),
    ("the latest byte of several dumps is the earliest",
     "sim/metrics/total.c",
     "{ METRIC_LATE_MAX, MOST, 0 }",
     "{ METRIC_LATE_MAX, LEAST, 0 }"),
    ("a step does not see the faults of the scenario",
     "sim/run/measure/facts.c",
     "	uint64_t before = story != NULL ? story->faults_count : 0;",
     "	uint64_t before = 0;"),
    ("faults of drives that are stored strike unseen",
     "vtl/library/drive_setup.c",
     "	if (setup->observer != NULL && struck != DRIVE_SPENT_BEFORE)",
     "	if (setup->observer != NULL && (what->fault == NULL || what->fault->id == 0))"),
    ("drives have only the totals of the last step",
     "sim/run/story_drives.c",
     "	sums->medium_bytes += from->sums.medium_bytes;",
     "	sums->medium_bytes = from->sums.medium_bytes;"),
]

# The programs that find few mutants for the time that they take: the last ones.
SLOW = ("check_schedules", "check_executors", "check_leap",
        "check_scenario_sweep", "check_table_c", "check_st_dumps",
        "check_volume_crash", "check_volume_fault", "check_volume_power")
EXPLORER = "splitter/core/tests/explore_main"
# Folders of scenarios that show time.
SHOW_TIME = ("drives", "workloads")
# Tests of the command that hold the judge of scenarios and the reports.
COMMAND = ("command_expect_test", "command_published_test",
           "command_suite_test", "config_test", "run_process_test.Died",
           "command_run_test.Folders", "command_run_test.Statuses")
# A test hangs if it takes this many times longer than without a mutant.
PATIENCE, PATIENCE_S = 3, 20
# Limit for a build, and for a test without a mutant.
LIMIT_S = 3600


def run(command, folder, seconds):
    """Return the exit status; a hang counts as a failure."""
    with subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL,
                          stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL,
                          start_new_session=True) as process:
        try:
            return process.wait(seconds)
        except subprocess.TimeoutExpired:
            pass
        # Terminating the suite also ends the test that hangs.
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
        return "hangs"


def nearness(folder, suite, room):
    """Return how much the suite of the tree at `folder` has to do with a room:
    4 if it is the room's own; 2 if it or its room includes headers of it; 1
    more if it is in the same part of the tree."""
    own = os.path.dirname(os.path.dirname(suite))
    same_part = own.split("/")[0] == room.split("/")[0]
    if own == room:
        return 4
    for place in (own, os.path.dirname(suite)):
        for path in glob.glob(os.path.join(folder, place, "*.[ch]")):
            with open(path, encoding="utf-8") as f:
                if '#include "%s/' % room in f.read():
                    return 2 + same_part
    return int(same_part)


def tests(folder, path):
    """Yield the target to build, or None, and the command of each test of the
    tree at `folder`.  Those near the file `path` are the first ones."""
    all_tests = ["python3", "-B", "sim/tests/all_tests.py"]
    room = os.path.dirname(path)
    near = {-1: []}              # -1: the slow ones
    for source in sorted(glob.glob(folder + "/*/**/tests/check_*.c",
                                   recursive=True)):
        suite = os.path.relpath(source, folder)[:-2]
        near.setdefault(-1 if os.path.basename(suite) in SLOW else
                        nearness(folder, suite, room), []).append(suite)
    for suite in near.get(4, []) + near.get(3, []) + near.get(2, []):
        yield suite, ["build/" + suite]
    yield None, ["build/tapelab", "run", "scenarios"]
    for suite in near.get(1, []):
        yield suite, ["build/" + suite]
    yield None, all_tests + list(COMMAND)
    for suite in near.get(0, []) + [EXPLORER] + near[-1]:
        yield suite, ["build/" + suite]
    yield None, ["build/tapelab", "run", "--clock", "real"] + [
        "scenarios/" + f
        for f in sorted(os.listdir(os.path.join(folder, "scenarios")))
        if os.path.isdir(os.path.join(folder, "scenarios", f)) and
        f not in SHOW_TIME]
    yield "tests", all_tests


def build(folder, suite=None):
    """Build the program and a suite, or all tests; return whether it
    compiles."""
    command = ["make", "-s", "-j2", "CFLAGS=-O1 -Wno-error", "all"]
    if suite:
        command.append("tests" if suite == "tests" else "build/" + suite)
    return run(command, folder, LIMIT_S) == 0


class Limits:
    """The time limits of tests: each is run in a tree without a mutant when its
    limit is asked for the first time, and must pass."""

    def __init__(self, folder):
        self.folder = folder
        self.seconds = {}

    def of(self, suite, command):
        name = " ".join(command)
        if name not in self.seconds:
            if not build(self.folder, suite):
                sys.exit("mutants: it does not compile without any mutant")
            begun = time.monotonic()
            if run(command, self.folder, LIMIT_S) != 0:
                sys.exit("mutants: without any mutant this fails: " + name)
            self.seconds[name] = PATIENCE * (time.monotonic() - begun) + \
                PATIENCE_S
        return self.seconds[name]


def killer(folder, path, limits):
    """Return what kills the mutant of the file `path` in the tree at `folder`,
    or None."""
    for suite, command in tests(folder, path):
        seconds = limits.of(suite, command)
        if not build(folder, suite):
            return None
        if run(command, folder, seconds) != 0:
            return suite or " ".join(command[:4])
    return None


def places():
    """Return how many mutants have a place that occurs exactly once; print the
    others."""
    found = 0
    for name, path, old, _ in MUTANTS:
        count = 0
        if os.path.exists(path):
            with open(path, encoding="utf-8") as f:
                count = f.read().count(old)
        if count == 1:
            found += 1
        else:
            print("%s: its place is there %d times in %s" % (
                name, count, path), file=sys.stderr)
    return found


def chosen(args):
    """Return the mutants that the arguments name, or all."""
    return [m for m in MUTANTS if not args or m[0] in args or
            any(a.endswith("/") and m[1].startswith(a) for a in args)]


def main():
    args = sys.argv[1:]
    if args == ["--places"]:
        found = places()
        print(found)
        sys.exit(found != len(MUTANTS))
    # The limit for a hang, from the speed of this machine.
    os.environ["CK_DEFAULT_TIMEOUT"] = "900"
    # Programs of which `make check` runs a part run everything here.
    os.environ.update(SWEEP_ALL="1", SCHEDULE_PART="1")
    killed = survived = 0
    with tempfile.TemporaryDirectory() as temporary:
        good_tree = os.path.join(temporary, "good")
        tree = os.path.join(temporary, "tree")
        shutil.copytree(os.getcwd(), good_tree, symlinks=True,
                        ignore=shutil.ignore_patterns("build", ".git"))
        if not build(good_tree):
            sys.exit("mutants: it does not compile")
        shutil.copytree(good_tree, tree, symlinks=True)
        limits = Limits(good_tree)
        for name, path, old, new in chosen(args):
            place = os.path.join(tree, path)
            with open(place, encoding="utf-8") as f:
                good = f.read()
            by, why = None, ""
            if good.count(old) != 1:
                why = ": its place in %s is not there" % path
            else:
                with open(place, "w", encoding="utf-8") as f:
                    f.write(good.replace(old, new))
                if build(tree):
                    by = killer(tree, path, limits)
                else:
                    why = ": it does not compile"
                with open(place, "w", encoding="utf-8") as f:
                    f.write(good)
            print("killed    %s (%s)" % (name, by) if by else
                  "SURVIVED  %s%s" % (name, why), flush=True)
            killed += by is not None
            survived += by is None
    print("%d killed, %d survived" % (killed, survived))
    sys.exit(survived != 0)


if __name__ == "__main__":
    main()
