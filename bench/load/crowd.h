/* A crowd of WebSocket clients in one thread. */
#ifndef CROWD_H
#define CROWD_H

#include "loop.h"

enum client_state { IDLE, CONNECTING, UPGRADING, OPEN, CLOSED };

struct client {
    struct watcher watcher; /* first: a watcher is its client */
    enum client_state state;
    bool ready;   /* the subscription stands */
    bool stalled; /* reads nothing any more */
    bool deflated;
    uint32_t number;
    struct bytes in, out, fragments;
    uint64_t deliveries;
    void *own; /* what the program keeps for it */
};

/* One message as it came: `deflated` tells that its payload is compressed. */
struct message {
    const char *payload;
    size_t length;
    bool deflated, binary;
    uint64_t at_us;
};

struct crowd {
    struct sockaddr_in address;
    const char *path;
    const char *protocol; /* subprotocol offered, or NULL */
    bool offers_deflate;
    bool answers_engine_io;    /* its pings are text messages "2" */
    bool delays_acknowledging; /* as the system would have it */
    int stalling_buffer;    /* bytes that the kernel holds for a client that will stall, or 0 for its own choice */
    int stalling;           /* so many of the first will stall */
    uint32_t count, started;
    struct client *clients;
    void (*opened)(struct client *client);
    void (*received)(struct client *client, const struct message *message);
    uint64_t open, ready, failed, closed, broken, bytes, frames, deflated_clients;
    char complaint[256]; /* of the first one that failed or was closed */
};

extern struct crowd crowd;

void crowd_gather(uint32_t count);

/* Begin so many connections as are due at this pace, at most `limit` in all and 200 at the same time. */
void crowd_connect(uint32_t limit, double began_s, double per_s);
void crowd_connect_one(struct client *client);

void client_send(struct client *client, bool binary, const char *payload, size_t length);
void client_ready(struct client *client);

/* Count it as one that the server would not have; `text` is what the server said. */
void client_turned_away(struct client *client, const char *text, size_t length);

/* Leave its bytes in the kernel from now on. */
void client_stall(struct client *client);
void client_close(struct client *client);

/* Write a masked frame behind `out`, as clients must. */
void frame_add(struct bytes *out, int opcode, const char *payload, size_t length);

/* The request that asks for the WebSocket. */
void upgrade_request(struct bytes *out, const struct sockaddr_in *address, const char *path, const char *more_headers);

#endif
