/* What is in a message: the publishing times of its events. */
#ifndef SIGHT_H
#define SIGHT_H

#include "crowd.h"

struct sight {
    uint64_t hash;
    char *payload; /* as it came, compressed or not */
    size_t length, capacity;
    uint64_t *times; /* of the events in it, in microseconds since 1970 */
    uint32_t count, room;
    bool ready;   /* it holds the text that says that the subscription stands */
    bool refused; /* it holds the text that says that it was refused, or a part of it */
};

/* `marker` stands before each event's publishing time; `ready` and `refused`, or NULL, are what a server says of a
 * subscription. */
void sight_open(const char *marker, const char *ready, const char *refused);

/* Look at a message. A server that sends a thousand clients the same bytes is compared with, not read anew: the client
 * is to be light, whatever the encoding. What is returned is valid until the next look. */
const struct sight *look(const struct message *message);

/* Inflate one message of permessage-deflate without context takeover. What is returned is valid until the next one. */
const char *inflated(const char *payload, size_t length, size_t *size);

#endif
