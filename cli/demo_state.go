package cli

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// demoState is stored in the marker file of a demo's folder, so that the next
// start continues where this one ended.
type demoState struct {
	Note   string `json:"note"`
	Seed   uint64 `json:"seed"`
	People int    `json:"people"`
	Days   int    `json:"days"`
	// Stories means that data is missing on purpose; a folder from before there
	// were stories continues without.
	Stories bool `json:"stories"`
	// Until is the end of the history. Done is how many of its deliveries are in
	// the inbox, and Looked up to when the watch has checked it; Complete means
	// that all of it is processed. Through is up to when live syncs were pushed.
	Until    time.Time `json:"until"`
	Done     int       `json:"done"`
	Looked   time.Time `json:"looked"`
	Complete bool      `json:"complete"`
	Through  time.Time `json:"through"`
	// Keyed means that the person whose data come by key was added.
	Keyed bool `json:"keyed"`
}

const demoNote = "This folder belongs to a demo. All in it is made up."

// resume reads the state of an earlier run in the folder, or starts a new one.
// Another demo's folder is refused: its people would be mixed with ours.
func (d *demo) resume(dir string, now time.Time) (demoState, error) {
	fresh := demoState{Note: demoNote, Seed: d.seed, People: d.people, Days: d.days, Stories: true,
		Until: now.UTC().Truncate(time.Second)}
	text, err := os.ReadFile(filepath.Join(dir, demoMarker))
	if err != nil {
		return fresh, err
	}
	var old demoState
	if err := json.Unmarshal(text, &old); err != nil || old.Until.IsZero() {
		return fresh, nil //nolint:nilerr // a marker without a state
	}
	if old.Seed != d.seed || old.People != d.people || old.Days != d.days {
		return old, fmt.Errorf("%s contains a demo of %d people and %d days with seed %d; choose another "+
			"folder for this one with --data", dir, old.People, old.Days, old.Seed)
	}
	return old, nil
}

// save writes the state atomically.
func (st demoState) save(dir string) error {
	text, err := json.MarshalIndent(st, "", "  ")
	if err != nil {
		return err
	}
	path := filepath.Join(dir, demoMarker)
	if err := os.WriteFile(path+".new", append(text, '\n'), 0o600); err != nil {
		return err
	}
	return os.Rename(path+".new", path)
}
