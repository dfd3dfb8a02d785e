package cli

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"garner/db"
	"garner/garmin/client"
	"garner/jobs/connect"
)

// errNoClient is the error of calls to Garmin before the application is set up.
var errNoClient = errors.New("garmin.client_id and garmin.client_secret are not set")

// liveKeeper is the keeper of tokens for the client in force, which settings may
// replace while Garner runs.
type liveKeeper struct {
	garmin func() *client.Client // nil while none is configured
	store  *db.Store
	log    *slog.Logger

	mu     sync.Mutex
	keeper *connect.Keeper
}

func (k *liveKeeper) current() (*connect.Keeper, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	garmin := k.garmin()
	if garmin == nil {
		return nil, errNoClient
	}
	if k.keeper == nil || k.keeper.Garmin != garmin {
		k.keeper = &connect.Keeper{Store: k.store, Garmin: garmin, Log: k.log}
	}
	return k.keeper, nil
}

// Credential is connect.Keeper.Credential.
func (k *liveKeeper) Credential(ctx context.Context, connection int64) (client.Credential, error) {
	keeper, err := k.current()
	if err != nil {
		return nil, err
	}
	return keeper.Credential(ctx, connection)
}

// Refused is connect.Keeper.Refused.
func (k *liveKeeper) Refused(ctx context.Context, connection int64) (again bool, err error) {
	keeper, err := k.current()
	if err != nil {
		return false, err
	}
	return keeper.Refused(ctx, connection)
}

// permissions asks Garmin anew what a person shares.
func (k *liveKeeper) permissions(ctx context.Context, connection int64) error {
	keeper, err := k.current()
	if err != nil {
		return err
	}
	return keeper.Do(ctx, connection, func(cred client.Credential) error {
		granted, err := keeper.Garmin.Permissions(ctx, cred)
		if err != nil {
			return err
		}
		return k.store.PutPermissions(ctx, time.Now(), connection, granted)
	})
}
