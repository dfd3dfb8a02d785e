package cli

import (
	"context"
	"fmt"
	"time"

	"garner/garmin/simulator/service"
	"garner/health"
)

// others is how many people the simulated Garmin has beside those whose watches push
// from the start: the newcomers, and last the one whose data come by a key.
const others = newcomers + 1

// keyLasts is how long the key of a demo works, the longest that Garmin offers.
const keyLasts = 365 * 24 * time.Hour

// addKeyPerson adds the person whose data come by a key for the Personal API, and stores
// the key that the simulated Garmin makes. An earlier run may have done so: what was
// changed on a page since then stays.
func (d *demo) addKeyPerson(ctx context.Context, f *files, garmin *service.Service, state *demoState) error {
	if state.Keyed {
		return nil
	}
	people := d.world(state, others).People()
	p := people[len(people)-1]
	p.UserID, p.Token = "", "" // as the Personal API, which names none
	if err := addDemoPerson(ctx, f, p); err != nil {
		return err
	}
	person, err := f.store.PersonByName(ctx, p.Name)
	if err != nil {
		return err
	}
	now := time.Now()
	ends := now.Add(keyLasts)
	if _, err := f.store.SetPersonalKey(ctx, now, person.ID, garmin.MakeKey(p.Index, ends),
		health.DayOf(ends.Unix(), 0)); err != nil {
		return fmt.Errorf("store the key of the demo: %w", err)
	}
	state.Keyed = true
	return d.saveAll(garmin, state)
}
