package cli

import (
	"garner/db/filestore"
	"garner/garmin"
	"garner/garmin/client"
	"garner/jobs"
)

// takePings makes a drain take the addresses of pings and the activity files that were
// fetched. current is the client in force, nil while Garmin is not set up.
func takePings(drain *jobs.Drain, dataDir string, current func() *client.Client) {
	files := filestore.In(dataDir)
	drain.Files = &files
	drain.Target = func(t *garmin.Type, address string) (client.Target, error) {
		if c := current(); c != nil {
			return c.Target(t, address)
		}
		return client.Target{}, jobs.ErrNotSetUp
	}
}
