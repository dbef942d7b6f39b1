#define _GNU_SOURCE
#include "crowd.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { CONTINUATION = 0, TEXT = 1, BINARY = 2, CLOSE = 8, PING = 9, PONG = 10 };
enum { FINAL = 0x80, COMPRESSED = 0x40, MASKED = 0x80 };
enum { READ_BYTES = 262144, AT_ONCE = 200 };

struct crowd crowd;

static void client_event(struct watcher *watcher, uint32_t events);

void crowd_gather(uint32_t count) {
    crowd.count = count;
    crowd.clients = calloc(count, sizeof *crowd.clients);
    if (!crowd.clients)
        give_up("out of memory");
    for (uint32_t number = 0; number < count; number++) {
        crowd.clients[number].number = number;
        crowd.clients[number].watcher.descriptor = -1;
    }
}

static void complain(const char *text, int length) {
    if (!*crowd.complaint)
        snprintf(crowd.complaint, sizeof crowd.complaint, "%.*s", length, text);
    for (char *letter = crowd.complaint; *letter; letter++)
        if (*letter < ' ' || *letter == '"' || *letter == '\\' || *letter & 0x80)
            *letter = ' ';
}

static void lose(struct client *client, bool broken) {
    if (client->state == CLOSED)
        return;
    if (client->state != OPEN)
        crowd.failed++;
    else if (broken)
        crowd.broken++;
    else
        crowd.closed++;
    client_close(client);
}

void client_close(struct client *client) {
    if (client->watcher.descriptor >= 0) {
        loop_forget(&client->watcher);
        close(client->watcher.descriptor);
    }
    client->watcher.descriptor = -1;
    client->state = CLOSED;
    bytes_consume(&client->in, bytes_left(&client->in));
    bytes_consume(&client->out, bytes_left(&client->out));
}

void crowd_connect_one(struct client *client) {
    client->watcher.ready = client_event;
    client->state = CONNECTING;
    int buffer = client->number < (uint32_t)crowd.stalling ? crowd.stalling_buffer : 0;
    client->watcher.descriptor = connect_to(&crowd.address, buffer);
    if (client->watcher.descriptor < 0) {
        complain(strerror(errno), 200);
        lose(client, true);
        return;
    }
    loop_watch(&client->watcher, EPOLLIN | EPOLLOUT);
}

void crowd_connect(uint32_t limit, double began_s, double per_s) {
    double due = (now_s() - began_s) * per_s + 1;
    while (crowd.started < limit && crowd.started < due && crowd.started < crowd.ready + crowd.failed + AT_ONCE)
        crowd_connect_one(&crowd.clients[crowd.started++]);
}

void upgrade_request(struct bytes *out, const struct sockaddr_in *address, const char *path, const char *more_headers) {
    char host[64];
    snprintf(host, sizeof host, "%s:%d", inet_ntoa(address->sin_addr), ntohs(address->sin_port));
    bytes_printf(out,
                 "GET %s HTTP/1.1\r\nHost: %s\r\nOrigin: http://%s\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                 "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n%s\r\n",
                 path, host, host, more_headers);
}

static void ask_for_upgrade(struct client *client) {
    int error = 0;
    socklen_t size = sizeof error;
    getsockopt(client->watcher.descriptor, SOL_SOCKET, SO_ERROR, &error, &size);
    if (error) {
        complain(strerror(error), 200);
        lose(client, true);
        return;
    }
    struct bytes headers = {0};
    if (crowd.protocol)
        bytes_printf(&headers, "Sec-WebSocket-Protocol: %s\r\n", crowd.protocol);
    if (crowd.offers_deflate)
        bytes_printf(&headers, "Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover; "
                               "client_no_context_takeover\r\n");
    bytes_add(&headers, "", 1);
    upgrade_request(&client->out, &crowd.address, crowd.path, headers.data);
    free(headers.data);
    client->state = UPGRADING;
    if (!flush(&client->watcher, &client->out))
        lose(client, true);
}

void frame_add(struct bytes *out, int opcode, const char *payload, size_t length) {
    unsigned char header[14];
    int size = 0;
    header[size++] = FINAL | opcode;
    if (length < 126) {
        header[size++] = MASKED | length;
    } else if (length < 65536) {
        header[size++] = MASKED | 126;
        header[size++] = length >> 8;
        header[size++] = length;
    } else {
        header[size++] = MASKED | 127;
        for (int byte = 7; byte >= 0; byte--)
            header[size++] = (uint64_t)length >> (8 * byte);
    }
    uint32_t mask = random_bits();
    memcpy(header + size, &mask, 4);
    unsigned char *key = header + size;
    bytes_add(out, header, size + 4);
    bytes_add(out, payload, length);
    char *masked = out->data + out->length - length;
    for (size_t i = 0; i < length; i++)
        masked[i] ^= key[i & 3];
}

/* A client acknowledges what it has read. One that has said something is taken for one that will answer, and puts it
 * off until enough lies there: then the acknowledgement is made where the last of it arrives, which on one machine is
 * within the sender's own send(), on the sender's core. See docs/benchmarks.md, "Who acknowledges". */
static void acknowledge_at_once(const struct client *client) {
    int on = 1;
    if (!crowd.delays_acknowledging)
        setsockopt(client->watcher.descriptor, IPPROTO_TCP, TCP_QUICKACK, &on, sizeof on);
}

static void send_frame(struct client *client, int opcode, const char *payload, size_t length) {
    frame_add(&client->out, opcode, payload, length);
    if (flush(&client->watcher, &client->out))
        acknowledge_at_once(client);
    else
        lose(client, true);
}

void client_send(struct client *client, bool binary, const char *payload, size_t length) {
    send_frame(client, binary ? BINARY : TEXT, payload, length);
}

void client_ready(struct client *client) {
    if (!client->ready)
        crowd.ready++;
    client->ready = true;
}

void client_turned_away(struct client *client, const char *text, size_t length) {
    complain(text, (int)(length < 200 ? length : 200));
    lose(client, false);
}

void client_stall(struct client *client) {
    client->stalled = true;
    loop_forget(&client->watcher);
}

/* Take one whole frame. */
static void take_frame(struct client *client, int first, const char *payload, size_t length, uint64_t at_us) {
    int opcode = first & 15;
    crowd.frames++;
    if (opcode == CLOSE) {
        char text[128];
        int code = length >= 2 ? (unsigned char)payload[0] << 8 | (unsigned char)payload[1] : 0;
        snprintf(text, sizeof text, "closed with %d %.*s", code, length > 2 ? (int)(length - 2) % 100 : 0, payload + 2);
        complain(text, 120);
        lose(client, false);
    } else if (opcode == PING) {
        send_frame(client, PONG, payload, length);
    } else if (opcode == PONG) {
        /* nobody asked */
    } else if (crowd.answers_engine_io && length == 1 && *payload == '2') {
        send_frame(client, TEXT, "3", 1);
    } else if (first & FINAL && opcode != CONTINUATION) {
        struct message message = {payload, length, first & COMPRESSED, opcode == BINARY, at_us};
        crowd.received(client, &message);
    } else {
        bytes_add(&client->fragments, payload, length);
        if (opcode != CONTINUATION)
            client->deflated = first & COMPRESSED;
        if (first & FINAL) {
            struct bytes whole = client->fragments;
            struct message message = {bytes_begin(&whole), bytes_left(&whole), client->deflated, false, at_us};
            crowd.received(client, &message);
            bytes_consume(&client->fragments, bytes_left(&client->fragments));
        }
    }
}

/* Take the whole frames among these bytes and return how many bytes they were. */
static size_t take_frames(struct client *client, const char *data, size_t length, uint64_t at_us) {
    size_t taken = 0;
    while (client->state == OPEN && !client->stalled && length - taken >= 2) {
        const unsigned char *header = (const unsigned char *)data + taken;
        uint64_t size = header[1] & 127;
        size_t header_size = size == 127 ? 10 : size == 126 ? 4 : 2;
        if (length - taken < header_size)
            break;
        if (header_size > 2) {
            size = 0;
            for (size_t i = 2; i < header_size; i++)
                size = size << 8 | header[i];
        }
        if (header[1] & MASKED || size > 1 << 28) {
            complain("a frame that no server may send", 100);
            lose(client, true);
            break;
        }
        if (length - taken < header_size + size)
            break;
        taken += header_size + size;
        take_frame(client, header[0], (const char *)header + header_size, size, at_us);
    }
    return taken;
}

/* Take the answer to the upgrade; return how many bytes it was, 0 while it is not whole. */
static size_t take_upgrade(struct client *client, const char *data, size_t length) {
    const char *end = memmem(data, length, "\r\n\r\n", 4);
    if (!end)
        return 0;
    size_t size = end + 4 - data;
    if (size < 13 || memcmp(data + 9, "101", 3)) {
        complain(data, (int)(length < 200 ? length : 200));
        lose(client, false);
        return size;
    }
    if (memmem(data, size, "permessage-deflate", 18))
        crowd.deflated_clients++;
    client->state = OPEN;
    crowd.open++;
    crowd.opened(client);
    return size;
}

static void receive(struct client *client) {
    static char buffer[READ_BYTES];
    ssize_t count = recv(client->watcher.descriptor, buffer, sizeof buffer, MSG_DONTWAIT);
    if (count < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (count <= 0) {
        complain(count ? strerror(errno) : "the server ended the connection", 200);
        lose(client, count < 0);
        return;
    }
    uint64_t at_us = now_us();
    crowd.bytes += count;
    /* What came before and is not whole goes in front; mostly there is nothing, and nothing is copied. */
    bool carried = bytes_left(&client->in) > 0;
    if (carried)
        bytes_add(&client->in, buffer, count);
    const char *data = carried ? bytes_begin(&client->in) : buffer;
    size_t length = carried ? bytes_left(&client->in) : (size_t)count, taken = 0;
    if (client->state == UPGRADING)
        taken = take_upgrade(client, data, length);
    if (client->state == OPEN)
        taken += take_frames(client, data + taken, length - taken, at_us);
    if (client->state != OPEN && client->state != UPGRADING)
        return;
    if (carried)
        bytes_consume(&client->in, taken);
    else
        bytes_add(&client->in, data + taken, length - taken);
}

static void client_event(struct watcher *watcher, uint32_t events) {
    struct client *client = (struct client *)watcher;
    if (client->state == CONNECTING) {
        ask_for_upgrade(client);
        return;
    }
    if (events & EPOLLOUT && !flush(watcher, &client->out)) {
        lose(client, true);
        return;
    }
    if (events & (EPOLLIN | EPOLLHUP | EPOLLERR) && !client->stalled)
        receive(client);
}
