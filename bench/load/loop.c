#define _GNU_SOURCE
#include "loop.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { EVENTS_PER_TURN = 1024 };
static int epoll;
bool loop_spins;

void loop_open(void) {
    epoll = epoll_create1(EPOLL_CLOEXEC);
    if (epoll < 0)
        give_up("epoll: %s", strerror(errno));
}

void loop_watch(struct watcher *watcher, uint32_t events) {
    if (events == watcher->waits_for)
        return;
    struct epoll_event wanted = {.events = events, .data.ptr = watcher};
    int operation = watcher->waits_for ? EPOLL_CTL_MOD : EPOLL_CTL_ADD;
    if (epoll_ctl(epoll, operation, watcher->descriptor, &wanted))
        give_up("epoll: %s", strerror(errno));
    watcher->waits_for = events;
}

void loop_forget(struct watcher *watcher) {
    if (watcher->waits_for)
        epoll_ctl(epoll, EPOLL_CTL_DEL, watcher->descriptor, NULL);
    watcher->waits_for = 0;
}

void loop_turn(int timeout_ms) {
    struct epoll_event events[EVENTS_PER_TURN];
    int count = epoll_wait(epoll, events, EVENTS_PER_TURN, loop_spins ? 0 : timeout_ms);
    for (uint64_t until_us = now_us() + 1000 * (uint64_t)timeout_ms; loop_spins && !count && now_us() < until_us;) {
        sched_yield(); /* the store has its turn: it shares the core */
        count = epoll_wait(epoll, events, EVENTS_PER_TURN, 0);
    }
    for (int i = 0; i < count; i++) {
        struct watcher *watcher = events[i].data.ptr;
        if (watcher->descriptor >= 0) /* an earlier one of this turn may have closed it */
            watcher->ready(watcher, events[i].events);
    }
}

int connect_to(const struct sockaddr_in *address, int receive_buffer) {
    int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), on = 1;
    if (descriptor < 0)
        give_up("socket: %s; raise the limit of open files (ulimit -n)", strerror(errno));
    setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (receive_buffer)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    if (connect(descriptor, (const void *)address, sizeof *address) == 0 || errno == EINPROGRESS)
        return descriptor;
    close(descriptor);
    return -1;
}

struct sockaddr_in address_of(const char *text, const char **path) {
    struct sockaddr_in address = {.sin_family = AF_INET};
    const char *slash = strchr(text, '/');
    if (path)
        *path = slash ? slash : "/";
    char copy[256];
    snprintf(copy, sizeof copy, "%.*s", slash ? (int)(slash - text) : (int)strlen(text), text);
    char *colon = strrchr(copy, ':'), *port = copy;
    if (colon) {
        *colon = 0;
        port = colon + 1;
    }
    const char *host = colon ? copy : "127.0.0.1";
    address.sin_port = htons(atoi(port));
    if (!inet_aton(host, &address.sin_addr) || !address.sin_port)
        give_up("'%s' is no address such as 127.0.0.1:8080", text);
    return address;
}

bool flush(struct watcher *watcher, struct bytes *out) {
    while (bytes_left(out)) {
        ssize_t sent = send(watcher->descriptor, bytes_begin(out), bytes_left(out), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent > 0) {
            bytes_consume(out, sent);
        } else if (errno == EAGAIN) {
            loop_watch(watcher, EPOLLIN | EPOLLOUT);
            return true;
        } else if (errno != EINTR) {
            return false;
        }
    }
    loop_watch(watcher, EPOLLIN);
    return true;
}
