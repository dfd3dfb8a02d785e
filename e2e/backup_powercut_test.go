package e2e

import (
	"context"
	"testing"
	"time"
)

// Once the command has ended, its backup must survive; before that, what has the name of
// a backup must be whole, and the earlier one must be there.
func TestABackupSurvivesAPowerCutOnceItIsMade(t *testing.T) {
	needsAll(t)
	t.Parallel()
	disk := newDisk(t, "256M")
	k := newBackedUp(t, disk.data())
	takes := k.completed(k.dir, "backup")
	newest := map[string]string{}
	for round := range 40 {
		if round%2 == 0 {
			k.completed(k.dir, "backup")
			for _, folder := range k.folders() {
				list := k.backups(folder)
				newest[folder] = list[len(list)-1]
			}
			disk.cut()
		} else {
			k.cutDuring(disk, takes)
		}
		disk.boot()
		for _, folder := range k.folders() {
			newest[folder] = k.wantWhole(folder, newest[folder])
		}
	}
	k.completed(k.dir, "backup")
	k.wantNothingPartial(append(k.folders(), k.dir)...)
}

// cutDuring cuts the power at a random instant of a backup.
func (k *backedUp) cutDuring(d *disk, takes time.Duration) {
	k.t.Helper()
	ctx, cancel := context.WithCancel(k.t.Context())
	time.AfterFunc(time.Duration(k.rng.Int64N(int64(takes))), func() {
		d.cut()
		cancel()
	})
	k.command(ctx, k.dir, "backup").Run() //nolint:errcheck // it fails without power, or was done
	<-ctx.Done()
}
