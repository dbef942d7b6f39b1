/* One thread's epoll: each descriptor has a watcher that is called when it can be read or written. */
#ifndef LOOP_H
#define LOOP_H

#include <netinet/in.h>
#include <stdint.h>
#include <sys/epoll.h>

#include "base.h"

struct watcher {
    int descriptor;
    uint32_t waits_for;
    void (*ready)(struct watcher *watcher, uint32_t events);
};

void loop_open(void);
void loop_watch(struct watcher *watcher, uint32_t events);
void loop_forget(struct watcher *watcher);

/* Wait for at most `timeout_ms` and call whoever is ready. */
void loop_turn(int timeout_ms);

/* Ask again instead of sleeping: then nobody who sends to this process has to wake it, as nobody wakes a client on
 * another machine. */
extern bool loop_spins;

/* Begin to connect to a TCP address; the descriptor does not block and does not delay small writes.
 * receive_buffer: bytes that the kernel may hold for us, or 0 for its own choice. Returns -1 on failure. */
int connect_to(const struct sockaddr_in *address, int receive_buffer);

/* Take "host:port/path" or "port" apart; the path is kept with its slash and may be NULL. */
struct sockaddr_in address_of(const char *text, const char **path);

/* Send as much of `out` as the socket takes, and watch for room while some is left. Returns whether it still works. */
bool flush(struct watcher *watcher, struct bytes *out);

#endif
