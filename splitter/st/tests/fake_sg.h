/*
 * fake_sg.h: the drive of fake_st.h as a port, so that both back ends are
 * tested with the same volumes and the same failures.
 *
 * Each command counts as a call of fake_st.h, and its failures apply to it:
 *
 *     FAKE_EIO          3/0C/00 or 3/11/00, and nothing is done
 *     FAKE_EIO_DONE     the answer is lost, and all is done
 *     FAKE_GONE         ENXIO: the command is not sent
 *     FAKE_BUSY         ENOMEM: the command is not sent
 *     FAKE_INTERRUPTED  BUSY; for good: the answer is lost, and nothing is done
 *     the others        as there
 */
#ifndef SPLITTER_TESTS_FAKE_SG_H
#define SPLITTER_TESTS_FAKE_SG_H

#include "splitter/scsi/port.h"
#include "splitter/st/tests/fake_st.h"

/* A port to the drive; free it with its close(). */
struct scsi_port *fake_sg_open(struct fake_st *f);

#endif
