package watch

import (
	"path/filepath"
	"testing"
	"time"

	"garner/db"
	"garner/db/seal"
	"garner/health"
)

// connects begins a connection of a person now, with what Garmin says is granted.
func (g *guarded) connects(name string, granted ...string) int64 {
	g.T.Helper()
	g.Store.UseKeys(seal.File(filepath.Join(g.Dir, "keys")))
	g.now = g.now.Add(time.Minute)
	id, err := g.Store.AddConnection(g.T.Context(), g.now, g.person(name), "cora", db.Tokens{Access: "a", Refresh: "r",
		AccessEnds: g.now.AddDate(0, 0, 1), RefreshEnds: g.now.AddDate(0, 3, 0)}, granted)
	g.must(err)
	return id
}

func TestNoticesThatGarminDidNotConfirmAreNotBelievedOfConnectedPeople(t *testing.T) {
	t.Parallel()
	g := newGuarded(t, "Cora", "Ben")
	g.pass(24, nil, "Cora", "Ben")
	g.connects("Cora", "HEALTH_EXPORT")
	g.leaves("cora")
	g.shares("cora")
	g.pass(24, nil, "Cora", "Ben")
	g.wants()
	g.pass(60, gone("Cora"), "Cora", "Ben")
	g.wants("opened: No data from Cora")
}

func TestAnEndThatGarminConfirmedIsReportedOnceAndOverAfterReconnecting(t *testing.T) {
	t.Parallel()
	g := newGuarded(t, "Cora", "Ben")
	id := g.connects("Cora", "HEALTH_EXPORT")
	g.pass(48, nil, "Cora", "Ben")
	g.must(g.Store.EndConnection(t.Context(), g.now, id, health.CauseEndedAtGarmin))
	g.pass(100, gone("Cora"), "Cora", "Ben")
	g.wants("opened: Cora is disconnected")
	g.connects("Cora", "HEALTH_EXPORT")
	g.pass(3, gone("Cora"), "Cora", "Ben")
	g.wants("opened: Cora is disconnected", "recovered: Over: Cora is disconnected")
}

func TestATokenThatGarminRefusesIsReportedOnceUntilThePersonConnectsAgain(t *testing.T) {
	t.Parallel()
	g := newGuarded(t, "Cora", "Ben")
	id := g.connects("Cora", "HEALTH_EXPORT")
	g.pass(24, nil, "Cora", "Ben")
	g.must(g.Store.RefuseTokens(t.Context(), id, 1, health.CauseTokensRefused))
	g.pass(72, nil, "Cora", "Ben")
	g.wants("opened: Cora must connect again")
	g.connects("Cora", "HEALTH_EXPORT")
	g.pass(3, nil, "Cora", "Ben")
	g.wants("opened: Cora must connect again", "recovered: Over: Cora must connect again")
}

func TestWhatAPersonNeverSharedIsNotMissed(t *testing.T) {
	t.Parallel()
	g := newGuarded(t, "Cora", "Ben")
	g.connects("Cora", "ACTIVITY_EXPORT")
	g.pass(100, gone("Cora"), "Cora", "Ben")
	g.wants()
}

func TestAPermissionThatWasConfirmedAndWithdrawnIsReported(t *testing.T) {
	t.Parallel()
	g := newGuarded(t, "Cora", "Ben")
	id := g.connects("Cora", "ACTIVITY_EXPORT", "HEALTH_EXPORT")
	g.pass(48, nil, "Cora", "Ben")
	g.must(g.Store.PutPermissions(t.Context(), g.now, id, []string{"ACTIVITY_EXPORT"}))
	g.pass(100, gone("Cora"), "Cora", "Ben")
	g.wants("opened: Cora no longer shares daily health data")
}
