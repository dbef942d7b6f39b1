/* floor: the least that a fan-out server can do. It takes WebSocket clients, sends each of them every line that comes
 * in on the publishing port as one text frame, and does nothing else: no protocol, no limits, no store.
 *
 *   floor each      one send() per line and client: nothing is joined
 *   floor joined    whatever lines are waiting go to each client in one send()
 *
 * It prints "floor is ready WEBSOCKET_PORT PUBLISH_PORT" and runs until it is stopped. */
#define _GNU_SOURCE
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "loop.h"

enum { MAX_SUBSCRIBERS = 20000, LINE_BYTES = 65536, OUT_BYTES = 1 << 20 };

struct peer {
    struct watcher watcher; /* first */
    int place;              /* among the subscribers, -1 if it is none (yet) */
};

static struct peer *subscribers[MAX_SUBSCRIBERS];
static int subscriber_count;
static bool joins;
static char lines[OUT_BYTES], out[OUT_BYTES + LINE_BYTES + 16];
static size_t lines_length, out_length;

static void leave(struct peer *peer) {
    if (peer->place >= 0) {
        struct peer *last = subscribers[--subscriber_count];
        subscribers[peer->place] = last;
        last->place = peer->place;
    }
    loop_forget(&peer->watcher);
    close(peer->watcher.descriptor);
    free(peer);
}

/* A client that takes less than all of it is beyond what a floor can do: it is dropped, and said. */
static void send_to_all(void) {
    for (int i = subscriber_count - 1; i >= 0 && out_length; i--) {
        int descriptor = subscribers[i]->watcher.descriptor;
        if (send(descriptor, out, out_length, MSG_NOSIGNAL | MSG_DONTWAIT) != (ssize_t)out_length) {
            fprintf(stderr, "floor: a client did not take it all and was dropped\n");
            shutdown(descriptor, SHUT_RDWR); /* its watcher sees the end */
        }
    }
    out_length = 0;
}

static void add_frame(const char *payload, size_t length) {
    unsigned char *header = (unsigned char *)out + out_length;
    int size = 0;
    header[size++] = 0x81;
    if (length < 126) {
        header[size++] = length;
    } else {
        header[size++] = 126;
        header[size++] = length >> 8;
        header[size++] = length;
    }
    memcpy(header + size, payload, length);
    out_length += size + length;
}

static void publisher_ready(struct watcher *watcher, uint32_t events) {
    (void)events;
    ssize_t count = recv(watcher->descriptor, lines + lines_length, sizeof lines - lines_length, MSG_DONTWAIT);
    if (count <= 0) {
        if (count == 0 || errno != EAGAIN) {
            lines_length = 0;
            leave((struct peer *)watcher);
        }
        return;
    }
    lines_length += count;
    char *line = lines, *end = lines + lines_length, *stop;
    while ((stop = memchr(line, '\n', end - line))) {
        add_frame(line, stop - line);
        line = stop + 1;
        if (!joins || out_length > OUT_BYTES)
            send_to_all();
    }
    send_to_all();
    lines_length = end - line;
    memmove(lines, line, lines_length);
}

static void client_ready(struct watcher *watcher, uint32_t events) {
    static const char ANSWER[] = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                                 "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";
    (void)events;
    struct peer *peer = (struct peer *)watcher;
    char request[8192];
    ssize_t count = recv(watcher->descriptor, request, sizeof request, MSG_DONTWAIT);
    if (count < 0 && errno == EAGAIN)
        return;
    if (count <= 0 || subscriber_count == MAX_SUBSCRIBERS) {
        leave(peer);
        return;
    }
    if (peer->place >= 0 || !memmem(request, count, "\r\n\r\n", 4))
        return;
    if (send(watcher->descriptor, ANSWER, sizeof ANSWER - 1, MSG_NOSIGNAL) < 0)
        return;
    peer->place = subscriber_count;
    subscribers[subscriber_count++] = peer;
}

static void accept_all(struct watcher *listener, void (*ready)(struct watcher *, uint32_t)) {
    for (int descriptor, on = 1; (descriptor = accept4(listener->descriptor, NULL, NULL, SOCK_NONBLOCK)) >= 0;) {
        setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        struct peer *peer = calloc(1, sizeof *peer);
        *peer = (struct peer){.watcher = {.descriptor = descriptor, .ready = ready}, .place = -1};
        loop_watch(&peer->watcher, EPOLLIN);
    }
}

static void client_comes(struct watcher *listener, uint32_t events) {
    (void)events;
    accept_all(listener, client_ready);
}

static void publisher_comes(struct watcher *listener, uint32_t events) {
    (void)events;
    accept_all(listener, publisher_ready);
}

/* Listen on a free port of the loopback interface and return it. */
static int listen_on(struct watcher *listener) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    listener->descriptor = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (bind(listener->descriptor, (void *)&address, size) || listen(listener->descriptor, 4096))
        give_up("cannot listen: %s", strerror(errno));
    getsockname(listener->descriptor, (void *)&address, &size);
    loop_watch(listener, EPOLLIN);
    return ntohs(address.sin_port);
}

int main(int count, char **words) {
    if (count != 2 || (strcmp(words[1], "each") && strcmp(words[1], "joined")))
        give_up("usage: floor each|joined");
    joins = !strcmp(words[1], "joined");
    raise_limits();
    loop_open();
    struct watcher clients = {.ready = client_comes}, publishers = {.ready = publisher_comes};
    int websocket_port = listen_on(&clients);
    printf("floor is ready %d %d\n", websocket_port, listen_on(&publishers));
    fflush(stdout);
    for (;;)
        loop_turn(-1);
}
