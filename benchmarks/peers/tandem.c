/* The reference workload in C: notes of what is to happen in lists a minute, or with -DHEAP in a binary heap.
 * Whole minutes; what waits at a desk lies in a binary heap of keys (priority, minute joined, contact). */
#include <stdint.h>
#include <stdlib.h>

enum kind { ARRIVED, STARTED, DECIDED, RETURNED, PLACED, SEEN, ASSESSED };

typedef struct { int32_t next, kind, whose; } note;
typedef struct { uint64_t *keys; int64_t count, free; } desk;

typedef struct {
    int64_t now, end, lines, *log;
#ifdef HEAP
    struct timed { uint64_t key; int32_t kind, whose; } *heap;
    int64_t count, inserted;
#else
    int32_t *last, free_note, next_note;
    uint64_t *words;
    note *notes;
#endif
} run;

static inline void record(run *r, int kind, int64_t contact) {
    int64_t *line = r->log + 3 * r->lines++;
    line[0] = r->now, line[1] = kind, line[2] = contact;
}

#ifdef HEAP
static inline void note_at(run *r, int64_t minute, int kind, int64_t whose) {
    if (minute >= r->end) return;
    uint64_t key = (uint64_t)minute << 32 | (uint64_t)r->inserted++;
    int64_t i = r->count++;
    while (i && r->heap[(i - 1) / 2].key > key) r->heap[i] = r->heap[(i - 1) / 2], i = (i - 1) / 2;
    r->heap[i] = (struct timed){key, kind, (int32_t)whose};
}

static inline int next_note(run *r, int *kind, int64_t *whose) {
    if (!r->count || (int64_t)(r->heap[0].key >> 32) != r->now) return 0;
    *kind = r->heap[0].kind, *whose = r->heap[0].whose;
    struct timed moved = r->heap[--r->count];
    int64_t i = 0, child;
    while ((child = 2 * i + 1) < r->count) {
        if (child + 1 < r->count && r->heap[child + 1].key < r->heap[child].key) child++;
        if (r->heap[child].key >= moved.key) break;
        r->heap[i] = r->heap[child], i = child;
    }
    r->heap[i] = moved;
    return 1;
}

static inline int64_t next_minute(run *r) { return r->count ? (int64_t)(r->heap[0].key >> 32) : r->end; }
#else
/* Each minute's notes are a ring, of which the last is known: it names the first. Note 0 is none. */
static inline void note_at(run *r, int64_t minute, int kind, int64_t whose) {
    if (minute >= r->end) return;
    int32_t place = r->free_note, last = r->last[minute];
    if (place) r->free_note = r->notes[place].next;
    else place = r->next_note++;
    note *n = r->notes + place;
    n->kind = kind, n->whose = (int32_t)whose;
    if (last) n->next = r->notes[last].next, r->notes[last].next = place;
    else n->next = place, r->words[minute >> 6] |= 1ULL << (minute & 63);
    r->last[minute] = place;
}

static inline int next_note(run *r, int *kind, int64_t *whose) {
    int32_t last = r->last[r->now];
    if (!last) return 0;
    int32_t first = r->notes[last].next;
    note *n = r->notes + first;
    if (first == last) r->last[r->now] = 0;
    else r->notes[last].next = n->next;
    *kind = n->kind, *whose = n->whose;
    n->next = r->free_note, r->free_note = first;
    return 1;
}

static inline int64_t next_minute(run *r) {
    int64_t minute = r->now + 1;
    while (minute < r->end) {
        uint64_t word = r->words[minute >> 6] >> (minute & 63);
        if (word) return minute + __builtin_ctzll(word);
        minute = (minute | 63) + 1;
    }
    return r->end;
}
#endif

static inline void push(desk *d, int64_t urgency, int64_t joined, int64_t contact) {
    uint64_t key = (uint64_t)urgency << 62 | (uint64_t)joined << 32 | (uint64_t)contact;
    int64_t i = d->count++;
    while (i && d->keys[(i - 1) / 2] > key) d->keys[i] = d->keys[(i - 1) / 2], i = (i - 1) / 2;
    d->keys[i] = key;
}

static inline int64_t pop(desk *d) {
    int64_t first = (int64_t)(d->keys[0] & 0xffffffff), i = 0, child;
    uint64_t moved = d->keys[--d->count];
    while ((child = 2 * i + 1) < d->count) {
        if (child + 1 < d->count && d->keys[child + 1] < d->keys[child]) child++;
        if (d->keys[child] >= moved) break;
        d->keys[i] = d->keys[child], i = child;
    }
    d->keys[i] = moved;
    return first;
}

/* Writes lines of (minute, kind, contact) and gives how many; -1 where there is not the memory. */
int64_t tandem(int64_t contacts, int64_t end, int64_t managers, int64_t places, const int64_t *arrival,
               const int64_t *urgency, const int64_t *first, const int64_t *rounds, const int64_t *referred,
               const int64_t *visit, const int64_t *assessment, const int64_t *decision, const int64_t *further,
               int64_t *log) {
    run r = {.end = end, .log = log};
    desk manager = {malloc(8 * (contacts + 1)), 0, managers}, place = {malloc(8 * (contacts + 1)), 0, places};
    int32_t *at = calloc(contacts + 1, sizeof *at);
#ifdef HEAP
    void *owned[] = {manager.keys, place.keys, at, r.heap = malloc((contacts + 2) * sizeof *r.heap)};
#else
    r.next_note = 1;
    void *owned[] = {manager.keys, place.keys, at, r.last = calloc(end, sizeof *r.last),
                     r.words = calloc(end / 64 + 1, sizeof *r.words), r.notes = malloc((contacts + 2) * sizeof *r.notes)};
#endif
    int64_t held = sizeof owned / sizeof *owned, whose;
    int is_due = 0, kind, lacking = 0;
    for (int64_t i = 0; i < held; i++) lacking |= !owned[i];
    if (contacts && !lacking) note_at(&r, arrival[0], ARRIVED, 0);
    for (r.now = lacking ? end : 0; r.now < end; r.now = next_minute(&r)) {
        do {
            while (next_note(&r, &kind, &whose)) {
                record(&r, kind, whose);
                switch (kind) {
                case ARRIVED:
                    if (whose + 1 < contacts) note_at(&r, arrival[whose + 1], ARRIVED, whose + 1);
                    push(&manager, urgency[whose], r.now, whose), is_due = 1;
                    break;
                case DECIDED:
                    manager.free++, is_due = 1;
                    if (++at[whose] < rounds[whose]) note_at(&r, r.now + further[first[whose] + at[whose] - 1], RETURNED, whose);
                    else if (referred[whose]) push(&place, 0, r.now, whose);
                    break;
                case RETURNED: push(&manager, urgency[whose], r.now, whose), is_due = 1; break;
                case SEEN: note_at(&r, r.now + assessment[whose], ASSESSED, whose); break;
                case ASSESSED: place.free++, is_due = 1; break;
                }
            }
            if (!is_due) break;
            is_due = 0;
            while (manager.free && manager.count) {
                whose = pop(&manager), manager.free--;
                record(&r, STARTED, whose);
                note_at(&r, r.now + decision[first[whose] + at[whose]], DECIDED, whose);
            }
            while (place.free && place.count) {
                whose = pop(&place), place.free--;
                record(&r, PLACED, whose);
                note_at(&r, r.now + visit[whose], SEEN, whose);
            }
        } while (1);
    }
    for (int64_t i = 0; i < held; i++) free(owned[i]);
    return lacking ? -1 : r.lines;
}
