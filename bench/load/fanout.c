/* fanout: N subscribers and one publisher. Prints one line of JSON. Options: docs/benchmarks.md, "The load client". */
#define _GNU_SOURCE
#include <getopt.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "crowd.h"
#include "histogram.h"
#include "process.h"
#include "publisher.h"
#include "sight.h"

static struct {
    int count, base, stalled, window, event_bytes, warm_bytes;
    double pace, rate, seconds, idle_s, timeout_s, settle_s;
    uint64_t warm;
    const char *greeting, *publish, *publish_to, *words, *ready, *refused, *marker;
    bool binary_greeting;
    struct processes processes;
} asked = {.count = 100,
           .pace = 3000,
           .seconds = 3,
           .timeout_s = 120,
           .settle_s = 0.3,
           .event_bytes = 200,
           .marker = "\"ts\":"};

static struct histogram latency;
static uint64_t deliveries, negative, longest_batch;
static double last_delivery_s, began_s, latest_lateness_s;
static const char *ended = "";

enum { SILENCE_S = 5 };

/* ---- the clients ---- */

/* Send the greeting's lines: {i} is the client's number, \r and \n are written so. */
static void opened(struct client *client) {
    char line[65536];
    size_t size = 0;
    for (const char *text = asked.greeting; text && *text;) {
        if (!strncmp(text, "{i}", 3)) {
            size += sprintf(line + size, "%u", client->number);
            text += 3;
        } else if (text[0] == '\\' && (text[1] == 'r' || text[1] == 'n')) {
            line[size++] = text[1] == 'r' ? '\r' : '\n';
            text += 2;
        } else if (*text == '\n') {
            client_send(client, asked.binary_greeting, line, size);
            size = 0;
            text++;
        } else {
            line[size++] = *text++;
        }
        if (size > sizeof line - 32)
            give_up("a greeting of more than %zu bytes", sizeof line);
    }
    if (!asked.ready && client->state == OPEN)
        client_ready(client);
}

static void received(struct client *client, const struct message *message) {
    const struct sight *sight = look(message);
    if (!client->ready && sight->refused)
        client_turned_away(client, message->payload, message->length);
    else if (sight->ready)
        client_ready(client);
    client->deliveries += sight->count;
    deliveries += sight->count;
    if (sight->count > longest_batch)
        longest_batch = sight->count;
    for (uint32_t i = 0; i < sight->count; i++) {
        if (sight->times[i] > message->at_us)
            negative++;
        histogram_add(&latency, sight->times[i] > message->at_us ? 0 : message->at_us - sight->times[i]);
    }
}

/* ---- the phases ---- */

static bool time_is_over(void) {
    if (now_s() - began_s < asked.timeout_s)
        return false;
    ended = "timeout";
    return true;
}

static void rest(double seconds) {
    for (double until = now_s() + seconds; now_s() < until && !time_is_over();)
        loop_turn(5);
}

static void connect_all(uint32_t limit) {
    double since = now_s() - crowd.started / asked.pace;
    while (crowd.ready + crowd.failed + crowd.closed + crowd.broken < limit && !time_is_over()) {
        crowd_connect(limit, since, asked.pace);
        loop_turn(1);
    }
}

static uint64_t readers(void) { return crowd.ready - asked.stalled; }

static void note_progress(uint64_t *seen) {
    if (deliveries != *seen)
        last_delivery_s = now_s();
    *seen = deliveries;
}

/* Publish with at most `window` events in flight, until so many are published or so many seconds have passed. */
static void keep_window(uint64_t count, double seconds, uint64_t number) {
    uint64_t first = published, before = deliveries, seen = deliveries, window = asked.window ? asked.window : 4;
    double since = last_delivery_s = now_s();
    while (!time_is_over()) {
        uint64_t sent = published - first;
        bool more = count ? sent < count : now_s() - since < seconds;
        while (more && sent * readers() < deliveries - before + window * readers() && publisher_backlog() < 1 << 20) {
            publish(number++);
            sent++;
            more = !count || sent < count;
        }
        if (!more && deliveries - before >= sent * readers())
            return;
        loop_turn(5);
        note_progress(&seen);
        if (now_s() - last_delivery_s > SILENCE_S) {
            ended = "deliveries stopped";
            return;
        }
    }
}

/* Publish at the asked rate, whatever becomes of it. */
static void keep_rate(void) {
    uint64_t first = published, before = deliveries, seen = deliveries;
    double since = last_delivery_s = now_s();
    while (!time_is_over()) {
        uint64_t sent = published - first;
        double now = now_s(), due = since + sent / asked.rate;
        if (now >= due && due - since < asked.seconds) {
            if (now - due > latest_lateness_s)
                latest_lateness_s = now - due;
            publish(sent);
            continue;
        }
        bool over = due - since >= asked.seconds;
        if (over && deliveries - before >= sent * readers())
            return;
        if (over && now - last_delivery_s > SILENCE_S) {
            ended = "deliveries stopped";
            return;
        }
        int wait_ms = (int)((due - now) * 1000);
        loop_turn(over || wait_ms > 5 ? 5 : wait_ms < 0 ? 0 : wait_ms);
        note_progress(&seen);
    }
}

/* ---- what the stalled ones left in the kernel ---- */

/* Return the KiB that the kernel holds for the server's clients: sent, and not taken. */
static double unsent_kib(void) {
    char line[512];
    unsigned port = ntohs(crowd.address.sin_port), local;
    unsigned long waiting, sum = 0;
    FILE *file = fopen("/proc/net/tcp", "r");
    while (file && fgets(line, sizeof line, file))
        if (sscanf(line, " %*d: %*8x:%x %*8x:%*x %*x %lx:", &local, &waiting) == 2 && local == port)
            sum += waiting;
    if (file)
        fclose(file);
    return sum / 1024.0;
}

/* Return how many stalled clients the server has not given up. */
static int still_open(void) {
    int count = 0;
    for (int i = 0; i < asked.stalled; i++) {
        struct tcp_info info;
        socklen_t size = sizeof info;
        int descriptor = crowd.clients[i].watcher.descriptor;
        if (descriptor >= 0 && !getsockopt(descriptor, IPPROTO_TCP, TCP_INFO, &info, &size))
            count += info.tcpi_state == TCP_ESTABLISHED;
    }
    return count;
}

/* ---- the report ---- */

static void report_crowd(double connected_s) {
    printf("{\"clients\": %d, \"open\": %lu, \"ready\": %lu, \"failed\": %lu, \"closed\": %lu, \"broken\": %lu, "
           "\"deflated\": %lu, \"connected_s\": %.2f, \"ended\": \"%s\", \"complaint\": \"%s\"",
           asked.count, crowd.open, crowd.ready, crowd.failed, crowd.closed, crowd.broken, crowd.deflated_clients,
           connected_s, ended, crowd.complaint);
}

static void measure_idle(void) {
    crowd_connect(0, 0, 0);
    connect_all(asked.base);
    rest(asked.settle_s + 1);
    struct cost before = cost_of(&asked.processes);
    connect_all(asked.count);
    double connected_s = now_s() - began_s;
    rest(asked.idle_s);
    struct cost after = cost_of(&asked.processes);
    report_crowd(connected_s);
    printf(", \"kib_before\": %ld, \"kib_after\": %ld, \"kib_each\": %.3f, \"cpu_s\": %.4f}\n", before.resident_kib,
           after.resident_kib, (double)(after.resident_kib - before.resident_kib) / (asked.count - asked.base),
           after.cpu_s - before.cpu_s);
}

/* Everything that is counted, at one moment. */
struct counts {
    uint64_t published, deliveries, bytes;
    double at_s, own_cpu_s, unsent_kib;
    struct cost cost;
};

static struct counts counts_now(void) {
    struct counts now = {.published = published, .deliveries = deliveries, .bytes = crowd.bytes};
    now.unsent_kib = asked.stalled ? unsent_kib() : 0;
    now.own_cpu_s = own_cpu_s();
    now.cost = cost_of(&asked.processes);
    now.at_s = now_s();
    return now;
}

static void report_deliveries(const struct counts *first, const struct counts *before, const struct counts *after) {
    uint64_t delivered = after->deliveries - before->deliveries, sent = after->published - before->published;
    uint64_t bytes = after->bytes - before->bytes, some = delivered ? delivered : 1;
    double wall_s = last_delivery_s - before->at_s, cpu_s = after->cost.cpu_s - before->cost.cpu_s;
    printf(", \"published\": %lu, \"publish_errors\": %lu, \"deliveries\": %lu, \"lost\": %ld, \"bytes\": %lu", sent,
           publish_errors, delivered, (long)(sent * readers()) - (long)delivered, bytes);
    printf(", \"wall_s\": %.3f, \"per_s\": %.0f, \"bytes_each\": %.1f", wall_s, wall_s > 0 ? delivered / wall_s : 0,
           (double)bytes / some);
    printf(", \"cpu_s\": %.4f, \"per_cpu_s\": %.0f, \"cpu_us_each\": %.4f, \"client_cpu_s\": %.3f", cpu_s,
           cpu_s > 0 ? delivered / cpu_s : 0, 1e6 * cpu_s / some, after->own_cpu_s - before->own_cpu_s);
    printf(", \"kib_first\": %ld, \"kib_before\": %ld, \"kib_after\": %ld", first->cost.resident_kib,
           before->cost.resident_kib, after->cost.resident_kib);
    printf(", \"stalled_open\": %d, \"unsent_kib\": [%.0f, %.0f]", still_open(), before->unsent_kib, after->unsent_kib);
    printf(", \"longest_batch\": %lu, \"late_ms\": %.2f, \"negative\": %lu, \"latency_ms\": ", longest_batch,
           latest_lateness_s * 1000, negative);
    histogram_print(&latency);
    printf("}\n");
}

static void measure_deliveries(void) {
    connect_all(asked.count);
    double connected_s = now_s() - began_s;
    for (int i = 0; i < asked.stalled && i < asked.count; i++)
        client_stall(&crowd.clients[i]);
    rest(asked.settle_s);
    struct counts first = counts_now();
    publisher_event_bytes(asked.warm_bytes ? asked.warm_bytes : asked.event_bytes);
    if (asked.warm && !*ended)
        keep_window(asked.warm, 0, 1);
    publisher_event_bytes(asked.event_bytes);
    rest(asked.settle_s);
    memset(&latency, 0, sizeof latency);
    longest_batch = 0;
    struct counts before = counts_now();
    if (!*ended && asked.rate > 0)
        keep_rate();
    else if (!*ended)
        keep_window(0, asked.seconds, 1000000);
    struct counts after = counts_now();
    report_crowd(connected_s);
    report_deliveries(&first, &before, &after);
}

static const struct option OPTIONS[] = {
    {"url", 1, 0, 'u'},         {"clients", 1, 0, 'n'},   {"pace", 1, 0, 'p'},   {"protocol", 1, 0, 's'},
    {"greeting", 1, 0, 'g'},    {"binary-greeting", 0, 0, 'B'}, {"ready", 1, 0, 'r'}, {"refused", 1, 0, 'x'},
    {"marker", 1, 0, 'm'},      {"deflate", 0, 0, 'd'},   {"engine-io", 0, 0, 'e'}, {"publish", 1, 0, 'P'},
    {"publish-to", 1, 0, 'T'},  {"words", 1, 0, 'w'},     {"event-bytes", 1, 0, 'b'}, {"warm-bytes", 1, 0, 'y'},
    {"window", 1, 0, 'W'},      {"rate", 1, 0, 'R'},      {"seconds", 1, 0, 'S'}, {"warm", 1, 0, 'M'},
    {"stalled", 1, 0, 'K'},     {"idle", 1, 0, 'D'},      {"base", 1, 0, 'a'},   {"processes", 1, 0, 'I'},
    {"timeout", 1, 0, 't'},     {"spin", 0, 0, 'l'},      {"delayed-acks", 0, 0, 'A'}, {0, 0, 0, 0}};

static void take_option(int letter, const char *value) {
    switch (letter) {
    case 'u': crowd.address = address_of(value, &crowd.path); break;
    case 'n': asked.count = atoi(value); break;
    case 'p': asked.pace = atof(value); break;
    case 's': crowd.protocol = value; break;
    case 'g': asked.greeting = file_text(value); break;
    case 'B': asked.binary_greeting = true; break;
    case 'r': asked.ready = value; break;
    case 'x': asked.refused = value; break;
    case 'm': asked.marker = value; break;
    case 'd': crowd.offers_deflate = true; break;
    case 'e': crowd.answers_engine_io = true; break;
    case 'P': asked.publish = value; break;
    case 'T': asked.publish_to = value; break;
    case 'w': asked.words = file_text(value); break;
    case 'b': asked.event_bytes = atoi(value); break;
    case 'y': asked.warm_bytes = atoi(value); break;
    case 'W': asked.window = atoi(value); break;
    case 'R': asked.rate = atof(value); break;
    case 'S': asked.seconds = atof(value); break;
    case 'M': asked.warm = strtoull(value, NULL, 10); break;
    case 'K': asked.stalled = atoi(value); break;
    case 'D': asked.idle_s = atof(value); break;
    case 'a': asked.base = atoi(value); break;
    case 'I': asked.processes = processes_of(value); break;
    case 't': asked.timeout_s = atof(value); break;
    case 'l': loop_spins = true; break;
    case 'A': crowd.delays_acknowledging = true; break;
    default: give_up("see docs/benchmarks.md for the options");
    }
}

int main(int count, char **words) {
    for (int letter; (letter = getopt_long(count, words, "", OPTIONS, NULL)) != -1;)
        take_option(letter, optarg);
    if (!crowd.path)
        give_up("--url HOST:PORT/PATH is missing");
    if (asked.idle_s <= 0 && (!asked.publish || !asked.publish_to))
        give_up("--publish KIND and --publish-to HOST:PORT/PATH are missing");
    raise_limits();
    loop_open();
    sight_open(asked.marker, asked.ready, asked.refused);
    crowd.opened = opened;
    crowd.received = received;
    crowd.stalling = asked.stalled;
    crowd.stalling_buffer = 4096;
    crowd_gather(asked.count);
    if (asked.publish)
        publisher_open(asked.publish, asked.publish_to, asked.words, asked.event_bytes);
    began_s = now_s();
    if (asked.idle_s > 0)
        measure_idle();
    else
        measure_deliveries();
    return 0;
}
