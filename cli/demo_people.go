package cli

import (
	"context"
	"errors"
	"time"

	"garner/db"
	"garner/garmin/simulator"
	"garner/health"
)

// addDemoPerson adds a made-up person, or keeps one from an earlier run of the same
// demo.
func addDemoPerson(ctx context.Context, f *files, p simulator.Person) error {
	added, err := f.store.AddPerson(ctx, time.Now(), p.Name, p.UserID, p.Token)
	if errors.Is(err, db.ErrTaken) {
		return nil
	}
	if err != nil || !p.Imperial {
		return err
	}
	return f.store.SetUnits(ctx, added.ID, health.Units{System: health.SystemImperial})
}
