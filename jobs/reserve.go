package jobs

import (
	"context"
	"log/slog"
	"time"

	"garner/db"
)

// ReserveKeeper gives the reserve of disk space up when the disk is full, prunes with
// it what is due, and makes it again when there is room.
type ReserveKeeper struct {
	Reserve *db.Reserve
	Pruner  *Pruner // nil if garner.db is broken
	Log     *slog.Logger

	given bool // by this keeper, and not made again
}

// reserveEvery is the interval at which free space is looked at.
const reserveEvery = time.Second

// Run looks at the free space until ctx ends.
func (k *ReserveKeeper) Run(ctx context.Context) error {
	for sleep(ctx, nil, reserveEvery) {
		k.RunOnce(ctx, time.Now())
	}
	return nil
}

// RunOnce looks at the free space.
func (k *ReserveKeeper) RunOnce(ctx context.Context, now time.Time) {
	change, err := k.Reserve.Adjust()
	if err != nil {
		k.Log.Error("reserve of disk space", "err", err)
	}
	switch change {
	case db.ReserveMade:
		level := slog.LevelDebug
		if k.given {
			level = slog.LevelInfo
		}
		k.given = false
		k.Log.Log(ctx, level, "the reserve of disk space is made")
	case db.ReserveGivenUp:
		k.given = true
		k.Log.Error("the disk is full: its reserve is given up, so that pruning and erasing work; free up space")
		if k.Pruner == nil {
			return
		}
		if err := k.Pruner.RunOnce(ctx, now); err != nil && ctx.Err() == nil {
			k.Log.Error("prune", "err", err)
		}
	case db.ReserveKept:
	}
}
