package watch

import (
	"path/filepath"
	"testing"
	"time"

	"garner/db/seal"
	"garner/health"
)

// What the store knows of a key becomes incidents, with the words of each.
func TestAKeyThatEndsOrIsRefusedIsReported(t *testing.T) {
	t.Parallel()
	g := newGuarded(t, "Cora", "Ben")
	g.Store.UseKeys(seal.File(filepath.Join(g.Dir, "keys")))
	g.pass(24, nil, "Cora", "Ben")
	set := func(days int) int64 {
		k, err := g.Store.SetPersonalKey(t.Context(), g.now, g.person("Cora"), "GCDC_a-key-of-cora",
			health.DayOf(g.now.Unix(), 0)+health.Day(days))
		g.must(err)
		return k.Generation
	}
	set(5)
	g.pass(1, nil, "Cora", "Ben")
	g.wants("opened: The key of Cora ends soon")
	generation := set(300)
	g.pass(3, nil, "Cora", "Ben")
	g.wants("opened: The key of Cora ends soon", "recovered: Over: The key of Cora ends soon")
	g.must(g.Store.RefusePersonalKey(t.Context(), g.now.Add(time.Minute), g.person("Cora"), generation, ""))
	g.pass(1, nil, "Cora", "Ben")
	g.wants("opened: The key of Cora ends soon", "recovered: Over: The key of Cora ends soon",
		"opened: Garmin refuses the key of Cora")
}
