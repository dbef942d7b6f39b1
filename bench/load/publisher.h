/* Publishes events over one TCP connection, in the words that the measured server understands. */
#ifndef PUBLISHER_H
#define PUBLISHER_H

#include <stddef.h>
#include <stdint.h>

/* Where and how to publish.
 * kind: `resp` (a command of a Redis store; `words` are its arguments, one a line), `http` (POST; `words` is unused),
 *       `nats` (PUB), `line` (the event and a line feed), `ws` (a WebSocket message).
 * address: host:port/path. In the words {event} stands for the whole event {"type": …, "data": …}, {data} for
 * the data alone, {chance} and {step} for the random numbers that livefeed's append script wants. */
void publisher_open(const char *kind, const char *address, const char *words, int event_bytes);

/* Publish one event; `number` is told in it. Returns at once. */
void publish(uint64_t number);

/* Make the events this large from now on. */
void publisher_event_bytes(int event_bytes);

/* What is not sent yet, in bytes. */
size_t publisher_backlog(void);

extern uint64_t published, publish_answers, publish_errors;

#endif
