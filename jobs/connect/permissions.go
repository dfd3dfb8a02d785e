package connect

import (
	"context"
	"fmt"
	"time"

	"garner/garmin/client"
)

// AskPermissions asks Garmin what a person shares now, and records it.
func (k *Keeper) AskPermissions(ctx context.Context, connection int64) error {
	_, err := k.askPermissions(ctx, time.Now(), connection)
	return err
}

func (k *Keeper) askPermissions(ctx context.Context, now time.Time, connection int64) (granted []string, err error) {
	api := k.Garmin()
	if api == nil {
		return nil, ErrNotSetUp
	}
	if err := k.Do(ctx, connection, func(cred client.Credential) (err error) {
		granted, err = api.Permissions(ctx, cred)
		return err
	}); err != nil {
		return nil, err
	}
	if err := k.Store.PutPermissions(ctx, now, connection, granted); err != nil {
		return nil, fmt.Errorf("store the permissions of connection %d: %w", connection, err)
	}
	return granted, nil
}
