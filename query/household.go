package query

import (
	"context"
	"maps"
	"slices"
	"time"

	"garner/db"
	"garner/garmin"
	"garner/health"
	"garner/health/alert"
	"garner/health/history"
)

// Household is the state of all people at one instant, from the watch. It is made
// for one page or notification and read by one goroutine.
type Household struct {
	Viewer Viewer
	Store  *db.Store
	// History limits what can be asked for again.
	History history.Limits
	Facts   *alert.Facts
	Found   *alert.Findings

	// loaded is what Load read, by index.
	loaded map[int]*Coverage
	// spans are the days of each type of the people in spanned.
	spans   map[db.PersonType]db.Days
	spanned map[int64]bool
}

// Coverage is that of the person at an index of the facts: what Load read, or
// else read now.
func (h *Household) Coverage(ctx context.Context, at int) (*Coverage, error) {
	if c := h.loaded[at]; c != nil {
		return c, nil
	}
	list, err := h.read(ctx, []int{at})
	if err != nil {
		return nil, err
	}
	return list[0], nil
}

// place finds a person in the facts; db.ErrNotFound for one whom the watch does
// not know yet, or whom the viewer may not see.
func (h *Household) place(person int64) (int, error) {
	at := slices.IndexFunc(h.Facts.People, func(p alert.Person) bool { return p.ID == person })
	if at < 0 {
		return 0, db.ErrNotFound
	}
	return at, h.Viewer.sees(person)
}

func (h *Household) coverageOf(ctx context.Context, person int64) (*Coverage, error) {
	at, err := h.place(person)
	if err != nil {
		return nil, err
	}
	return h.Coverage(ctx, at)
}

// Load reads, for the people at some indexes of the facts, what Coverage needs for
// the days from from to to, both included. Its number of queries does not depend
// on the number of people and days, and Coverage then makes no more. It returns
// db.ErrNotFound if the viewer may not see one of them.
func (h *Household) Load(ctx context.Context, places []int, from, to health.Day) error {
	list, err := h.read(ctx, places)
	if err != nil {
		return err
	}
	if h.loaded == nil {
		h.loaded = make(map[int]*Coverage, len(places))
	}
	for _, c := range list {
		h.loaded[c.at] = c
	}
	return readDays(ctx, h.Store, list, from, to)
}

// seen are the indexes of those whom the viewer may see.
func (h *Household) seen() (out []int) {
	for i, p := range h.Facts.People {
		if h.Viewer.sees(p.ID) == nil {
			out = append(out, i)
		}
	}
	return out
}

// lastDays are the days that Load needs for the last n days of everyone,
// wherever they live.
func (h *Household) lastDays(n int) (from, to health.Day) {
	today := dayAt(h.Facts.Now, time.UTC)
	return today - health.Day(n), today + 1
}

// read returns the coverages of some people, with no days read yet.
func (h *Household) read(ctx context.Context, places []int) ([]*Coverage, error) {
	people := make([]int64, 0, len(places))
	for _, at := range places {
		person := h.Facts.People[at].ID
		if err := h.Viewer.sees(person); err != nil {
			return nil, err
		}
		people = append(people, person)
	}
	zones, err := zones(ctx, h.Store, people)
	if err != nil {
		return nil, err
	}
	spans, err := h.typesDays(ctx, people)
	if err != nil {
		return nil, err
	}
	out := make([]*Coverage, 0, len(places))
	for _, at := range places {
		c := &Coverage{home: h, at: at, zone: zones[h.Facts.People[at].ID], parked: map[db.ParkedDay]bool{}}
		c.Today = dayAt(h.Facts.Now, c.zone)
		c.expect(spans)
		out = append(out, c)
	}
	if err := h.parked(ctx, out, people); err != nil {
		return nil, err
	}
	return out, h.excuse(ctx, out, people)
}

// typesDays returns the first and last day of each type of some people, and of those who
// were asked for before: each is read once.
func (h *Household) typesDays(ctx context.Context, people []int64) (map[db.PersonType]db.Days, error) {
	unread := slices.DeleteFunc(slices.Clone(people), func(person int64) bool { return h.spanned[person] })
	if len(unread) == 0 {
		return h.spans, nil
	}
	days, err := h.Store.TypesDays(ctx, unread)
	if err != nil {
		return nil, err
	}
	if h.spans == nil {
		h.spans, h.spanned = make(map[db.PersonType]db.Days, len(days)), make(map[int64]bool, len(unread))
	}
	maps.Copy(h.spans, days)
	for _, person := range unread {
		h.spanned[person] = true
	}
	return h.spans, nil
}

// parked sets for each the days on which an element came that could not be
// processed.
func (h *Household) parked(ctx context.Context, list []*Coverage, people []int64) error {
	days, err := h.Store.ParkedDays(ctx, people)
	if err != nil {
		return err
	}
	of := make(map[int64]*Coverage, len(list))
	for _, c := range list {
		of[c.person().ID] = c
	}
	for _, d := range days {
		of[d.Person].parked[d] = true
	}
	return nil
}

// Zone is the clock that a person's watch showed last; UTC where none is known.
func (q *Reader) Zone(ctx context.Context, person int64) (*time.Location, error) {
	if err := q.Viewer.sees(person); err != nil {
		return nil, err
	}
	zones, err := zones(ctx, q.Store, []int64{person})
	return zones[person], err
}

// livesIn is the zone where a person lives: the one of their account, the one that Garmin
// names to a key, or else the reader's where the person's watch shows its time now. It is
// nil if none of them is known; watch is then the clock that it showed last.
func (q *Reader) livesIn(ctx context.Context, person int64) (zone, watch *time.Location, err error) {
	name, err := q.Store.HomeZone(ctx, person)
	if err != nil {
		return nil, nil, err
	}
	if zone, err := time.LoadLocation(name); err == nil && name != "" {
		return zone, zone, nil
	}
	if watch, err = q.Zone(ctx, person); err != nil {
		return nil, nil, err
	}
	_, shown := q.Now.In(watch).Zone()
	if _, readers := q.Now.Zone(); shown == readers && q.Now.Location() != time.UTC {
		return q.Now.Location(), watch, nil
	}
	return nil, watch, nil
}

// homeZone is the zone where a person lives, or else the clock that the watch showed last.
func (q *Reader) homeZone(ctx context.Context, person int64) (*time.Location, error) {
	home, watch, err := q.livesIn(ctx, person)
	if home == nil {
		home = watch
	}
	return home, err
}

// zones returns the zone of each person.
func zones(ctx context.Context, store *db.Store, people []int64) (map[int64]*time.Location, error) {
	offsets, err := store.Offsets(ctx, people, garmin.Dailies.Key)
	out := make(map[int64]*time.Location, len(people))
	for _, person := range people {
		out[person] = time.UTC
		if seconds, ok := offsets[person]; ok {
			out[person] = time.FixedZone("", int(seconds))
		}
	}
	return out, err
}

// dayAt is the date that a clock shows at an instant.
func dayAt(t time.Time, zone *time.Location) health.Day {
	_, offset := t.In(zone).Zone()
	return health.DayOf(t.Unix(), int32(offset))
}
