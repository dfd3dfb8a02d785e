package bench

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"garner/e2e/box"
	"garner/garmin/simulator"
)

// figurePersonal measures how soon a key brings what, at the default rate of two calls
// per second.
func figurePersonal(t *testing.T) {
	const days = 730
	dir := t.TempDir()
	world := simulator.New(simulator.Config{Seed: 3, People: 1, Days: days, Until: time.Now(), Faults: &simulator.Faults{}})
	g := box.NewGarmin(t, world, nil)
	name := world.People()[0].Name
	box.AddAdmin(t, dir)
	box.Run(t, dir, "person", "add", "--name", name)
	b := box.Start(t, dir, box.Options{Env: g.PersonalEnv()})
	b.Reader()
	before := len(g.PersonalCalls())
	g.AddKey(t, dir, name, 0)
	began := time.Now()
	b.Shows("/", `class="night"`)
	row("From a key to the newest night on the page", "< 1 min", fmt.Sprintf("%s, %d calls",
		time.Since(began).Round(100*time.Millisecond), len(g.PersonalCalls())-before))
	conn := box.ReadOnly(t, filepath.Join(dir, "garner.db"))
	defer conn.Close()
	box.Until(t, "two years are there", 20*time.Minute, func() bool {
		var all int
		err := conn.QueryRow(`select count(distinct endpoint) from pulled where endpoint in ('daySummaries', 'steps', 'stress',
			'sleeps', 'hrvs') and day <= ?`, time.Now().Unix()/86400-days+1).Scan(&all)
		return err == nil && all == 5
	})
	b.Drained()
	row("From a key to two years of day summaries and nights", "< 10 min", fmt.Sprintf("%s, %d calls",
		time.Since(began).Round(time.Second), len(g.PersonalCalls())-before))
	for _, typ := range []string{"dailies", "sleeps"} {
		if n := strings.Count(b.Run("export", "--person", name, "--type", typ), "\n") - 1; n < days*9/10 {
			t.Errorf("%d %s", n, typ)
		}
	}
}
