package watch

import (
	"fmt"
	"testing"
	"time"

	"garner/db"
)

func TestANoticeWithoutPermissionsOpensNothingAndChangesNothing(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes long with the race detector; runs without -short")
	}
	for name, tt := range map[string]struct{ member, before string }{
		"null":                  {member: `"permissions":null,`},
		"absent":                {},
		"a text that cannot be": {member: `"permissions":"{",`},
		"null after a full set": {member: `"permissions":null,`,
			before: `"permissions":["HEALTH_EXPORT","ACTIVITY_EXPORT"],`},
		"absent after a full set":   {before: `"permissions":["HEALTH_EXPORT"],`},
		"an object that holds null": {member: `"permissions":{"permissions":null},`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := newGuarded(t, "Cora", "Ben")
			g.pass(48, nil, "Cora", "Ben")
			for _, member := range []string{tt.before, tt.member} {
				g.now = g.now.Add(time.Minute)
				g.Arrive(db.Arrival{Received: g.now},
					fmt.Sprintf(`{"userPermissionsChange":[{"userId":"cora",%s"changeTimeInSeconds":%d}]}`, member, g.now.Unix()))
			}
			g.run()
			g.pass(24, gone("Cora"), "Cora", "Ben")
			g.wants()
		})
	}
}
