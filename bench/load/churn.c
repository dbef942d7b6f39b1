/* churn: clients that look through many topics. Prints one line of JSON.
 * Options: docs/benchmarks.md, "The load client".
 *
 * Each follows some of many topics, and again and again leaves some of them for others, in one message. A client waits
 * for the answer before its next change; one that is due while it waits is counted as skipped. */
#define _GNU_SOURCE
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crowd.h"
#include "histogram.h"
#include "process.h"

enum { MAX_FOLLOWED = 64 };

struct follower {
    uint32_t topics[MAX_FOLLOWED];
    uint32_t oldest, ref;
    double due_s, sent_s;
    bool waits;
};

static struct {
    int clients, topics, followed, swapped;
    double per_s, pace, seconds, timeout_s;
    struct processes processes;
} asked = {.clients = 10000,
           .topics = 20000,
           .followed = 20,
           .swapped = 1,
           .per_s = 2,
           .pace = 2000,
           .seconds = 10,
           .timeout_s = 120};

static struct histogram latency;
static uint64_t sent, answered, errors, skipped;
static double began_s, last_answer_s;
static const char *ended = "";

static uint32_t random_topic(void) { return random_bits() % asked.topics; }

static void opened(struct client *client) {
    struct follower *follower = client->own = calloc(1, sizeof *follower);
    struct bytes text = {0};
    bytes_printf(&text, "{\"op\":\"subscribe\",\"ref\":0,\"topics\":{");
    for (int i = 0; i < asked.followed; i++) {
        follower->topics[i] = random_topic();
        bytes_printf(&text, "%s\"app:many:%u\":{}", i ? "," : "", follower->topics[i]);
    }
    bytes_printf(&text, "}}");
    client_send(client, false, bytes_begin(&text), bytes_left(&text));
    free(text.data);
}

/* The answer to the subscription is what is waited for: it comes after that to the unsubscription. */
static void received(struct client *client, const struct message *message) {
    static const char SUBSCRIBED[] = "\"op\":\"subscribed\",\"ref\":";
    struct follower *follower = client->own;
    const char *text = message->payload, *end = text + message->length;
    if (memmem(text, end - text, "\"error\"", 7) && !errors++)
        fprintf(stderr, "load: an error: %.*s\n", (int)(end - text < 300 ? end - text : 300), text);
    while ((text = memmem(text, end - text, SUBSCRIBED, sizeof SUBSCRIBED - 1))) {
        text += sizeof SUBSCRIBED - 1;
        uint32_t ref = strtoul(text, NULL, 10);
        if (!client->ready) {
            client_ready(client);
        } else if (follower->waits && ref == follower->ref) {
            follower->waits = false;
            answered++;
            last_answer_s = now_s();
            histogram_add(&latency, (uint64_t)((now_s() - follower->sent_s) * 1e6));
        }
    }
}

/* Leave the topics that were followed longest for new ones. */
static void change(struct client *client) {
    struct follower *follower = client->own;
    struct bytes left = {0}, joined = {0};
    for (int i = 0; i < asked.swapped; i++) {
        uint32_t *topic = &follower->topics[follower->oldest];
        follower->oldest = (follower->oldest + 1) % asked.followed;
        bytes_printf(&left, "%s\"app:many:%u\"", i ? "," : "", *topic);
        *topic = random_topic();
        bytes_printf(&joined, "%s\"app:many:%u\":{}", i ? "," : "", *topic);
    }
    bytes_add(&left, "", 1);
    bytes_add(&joined, "", 1);
    struct bytes text = {0};
    follower->ref++;
    bytes_printf(&text, "[{\"op\":\"unsubscribe\",\"ref\":\"u\",\"topics\":[%s]},", left.data);
    bytes_printf(&text, "{\"op\":\"subscribe\",\"ref\":%u,\"topics\":{%s}}]", follower->ref, joined.data);
    follower->sent_s = now_s();
    follower->waits = true;
    sent++;
    client_send(client, false, bytes_begin(&text), bytes_left(&text));
    free(left.data);
    free(joined.data);
    free(text.data);
}

static bool go_on(void) {
    if (now_s() - began_s > asked.timeout_s)
        ended = "timeout";
    else if (crowd.failed || crowd.closed || crowd.broken)
        ended = "a client was turned away";
    return !*ended;
}

/* The clients take turns: they are due one after the other, evenly over each period. */
static void change_all(double seconds) {
    double since = now_s(), between_s = 1 / (asked.per_s * asked.clients);
    for (uint64_t turn = 0; now_s() < since + seconds && go_on();) {
        while (now_s() >= since + turn * between_s) {
            struct client *client = &crowd.clients[turn++ % asked.clients];
            struct follower *follower = client->own;
            if (follower->waits)
                skipped++;
            else if (client->state == OPEN)
                change(client);
            if (turn % 64 == 0)
                loop_turn(0);
        }
        loop_turn(1);
    }
}

static int count_waiting(void) {
    int count = 0;
    for (int i = 0; i < asked.clients; i++)
        count += ((struct follower *)crowd.clients[i].own)->waits;
    return count;
}

/* Wait until every change is answered; 20 seconds are enough for any. */
static void settle(void) {
    for (double until = now_s() + 20; now_s() < until && go_on() && count_waiting();)
        loop_turn(5);
}

static const struct option OPTIONS[] = {
    {"url", 1, 0, 'u'},      {"protocol", 1, 0, 's'},  {"clients", 1, 0, 'n'}, {"topics", 1, 0, 'o'},
    {"followed", 1, 0, 'f'}, {"swapped", 1, 0, 'w'},   {"per-s", 1, 0, 'R'},   {"pace", 1, 0, 'p'},
    {"seconds", 1, 0, 'S'},  {"processes", 1, 0, 'I'}, {"timeout", 1, 0, 't'}, {0, 0, 0, 0}};

static void take_option(int letter, const char *value) {
    switch (letter) {
    case 'u': crowd.address = address_of(value, &crowd.path); break;
    case 's': crowd.protocol = value; break;
    case 'n': asked.clients = atoi(value); break;
    case 'o': asked.topics = atoi(value); break;
    case 'f': asked.followed = atoi(value); break;
    case 'w': asked.swapped = atoi(value); break;
    case 'R': asked.per_s = atof(value); break;
    case 'p': asked.pace = atof(value); break;
    case 'S': asked.seconds = atof(value); break;
    case 'I': asked.processes = processes_of(value); break;
    case 't': asked.timeout_s = atof(value); break;
    default: give_up("see docs/benchmarks.md for the options");
    }
}

int main(int count, char **words) {
    for (int letter; (letter = getopt_long(count, words, "", OPTIONS, NULL)) != -1;)
        take_option(letter, optarg);
    if (!crowd.path || asked.followed > MAX_FOLLOWED || asked.swapped > asked.followed)
        give_up("--url is missing, or more than %d topics are followed, or more are swapped", MAX_FOLLOWED);
    raise_limits();
    loop_open();
    crowd.opened = opened;
    crowd.received = received;
    crowd_gather(asked.clients);
    began_s = now_s();
    while (crowd.ready < (uint64_t)asked.clients && go_on()) {
        crowd_connect(asked.clients, began_s, asked.pace);
        loop_turn(1);
    }
    double connected_s = now_s() - began_s, wall_s = 0, cpu_s = 0;
    if (!*ended) {
        change_all(1); /* warms up */
        settle();
        memset(&latency, 0, sizeof latency);
        sent = answered = skipped = 0;
        struct cost before = cost_of(&asked.processes);
        double since = now_s();
        change_all(asked.seconds);
        settle();
        wall_s = last_answer_s - since;
        cpu_s = cost_of(&asked.processes).cpu_s - before.cpu_s;
    }
    printf("{\"clients\": %d, \"ready\": %lu, \"failed\": %lu, \"closed\": %lu, \"broken\": %lu, "
           "\"ended\": \"%s\", \"complaint\": \"%s\", \"connected_s\": %.2f, \"sent\": %lu, \"answered\": %lu, "
           "\"errors\": %lu, \"skipped\": %lu, \"wall_s\": %.3f, \"cpu_s\": %.4f, \"per_s\": %.1f, "
           "\"per_cpu_s\": %.1f, \"unanswered\": %d, \"latency_ms\": ",
           asked.clients, crowd.ready, crowd.failed, crowd.closed, crowd.broken, ended, crowd.complaint, connected_s,
           sent, answered, errors, skipped, wall_s, cpu_s, wall_s > 0 ? asked.swapped * answered / wall_s : 0,
           cpu_s > 0 ? asked.swapped * answered / cpu_s : 0, *ended ? 0 : count_waiting());
    histogram_print(&latency);
    printf("}\n");
    return 0;
}
