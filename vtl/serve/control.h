/*
 * control.h: the control socket of a served library, by which other commands of
 * tapelab reach the server.
 *
 * The socket is the file library.socket in the folder of the library.  A client
 * sends lines, each a JSON object with the member "do", and gets a line for
 * each: an object with the member "ok"; if that is false, "message" says why.
 *
 *     {"do": "move", "from": ADDRESS, "to": ADDRESS}    to 0: back
 *         {"ok": true, "barcode": B, "to": ADDRESS, "wait_ns": TIME}
 *                               the robot is done after that time
 *     {"do": "changed"}         the library has changed: it is read again
 *     {"do": "strikes"}         the drives store the strikes of their faults in
 *                               library.db, a busy one after its command
 *     {"do": "ask_ie"}          may a person use an import/export slot?
 *     {"do": "changed_ie"}      a cartridge came into such a slot, or left it
 *     {"do": "defect", "barcode": B, "defect": {...}}
 *         {"ok": true, "served": true}      false: B is in no drive
 *     {"do": "defect", "barcode": B, "fault": N}     removes the one of fault N
 *     {"do": "volume", "barcode": B}      what the medium has now
 *         {"ok": true, "served": true, "files": N, "written": BYTES, ...}
 *     {"do": "snapshot", "name": N}, {"do": "restore", "name": N}
 *     {"do": "clone", "name": FOLDER}     an absolute path
 *     {"do": "events"}          from here on the server sends events
 *
 * Invariants:
 *
 *  1. At most SERVE_CONNECTIONS_MAX connections, each with at most
 *     SERVE_LINE_BYTES of a request and SERVE_ANSWER_BYTES of answers.  Further
 *     connections are closed at once.
 *  2. A connection that is neither subscribed nor makes progress for
 *     serve_options.patience_ns is closed; so is one that sends anything but requests.
 *  3. A request about a drive that executes a command (its cartridge is moved, its
 *     volume changed or described) is carried out when the command has ended.
 *     Others do not wait for it.
 *  4. The path of the socket may be longer than an address of a socket can be.
 */
#ifndef VTL_SERVE_CONTROL_H
#define VTL_SERVE_CONTROL_H

#include <sys/socket.h>
#include <sys/un.h>

enum {
	SERVE_CONNECTIONS_MAX = 32,
	SERVE_LINE_BYTES = 16 * 1024,
	SERVE_ANSWER_BYTES = 64 * 1024
};

#define SERVE_SOCKET "library.socket"

/*
 * Writes the address of the socket in the folder that `folder_fd` is open for,
 * which must stay open while the address is used.
 */
void serve_control_address(int folder_fd, struct sockaddr_un *address);

#endif
