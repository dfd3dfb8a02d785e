package cli

import (
	"encoding/json"
	"fmt"
	"text/tabwriter"

	"garner/config"
	"garner/garmin"
)

type typesCommand struct {
	JSON bool `help:"Print it as JSON."`
}

// Run prints the data dictionary.
func (c *typesCommand) Run(a *app, _ config.Config) error {
	if c.JSON {
		return json.NewEncoder(a.out).Encode(garmin.Dictionary())
	}
	w := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "TYPE\tTITLE\tFIELDS\tTABLES\tSERIES\tPERMISSION")
	for _, e := range garmin.Dictionary() {
		fmt.Fprintf(w, "%s\t%s\t%d\t%d\t%d\t%s\n",
			e.Type, e.Title, len(e.Fields), len(e.Tables), len(e.Series), e.Permission)
	}
	return w.Flush()
}
