package cli

import (
	"context"
	"errors"
	"time"

	"garner/config"
	"garner/db"
	"garner/server"
	"garner/server/pages"
)

// callbackPages is the callback secrets as pages show and change them.
type callbackPages struct {
	cfg   config.Config
	store *db.Store
}

// List returns the valid secrets, newest first, without the most of their text.
func (c callbackPages) List(ctx context.Context) (out []pages.CallbackSecret, err error) {
	secrets, err := callbackSecrets(c.cfg)
	if err != nil {
		return nil, err
	}
	signals, err := c.store.Signals(ctx)
	for _, s := range secrets {
		out = append(out, pages.CallbackSecret{Masked: s.masked(), Created: s.created,
			Used: signals[usedSignal(server.SecretID(s.text))].At})
	}
	return out, err
}

// Rotate makes a new secret.
func (c callbackPages) Rotate() error { return rotateSecret(c.cfg) }

// Retire ends the older of two secrets.
func (c callbackPages) Retire() error { return retireSecret(c.cfg) }

// rotateSecret puts a new secret before the one that is valid.
func rotateSecret(cfg config.Config) error {
	return changeSecrets(cfg, func(secrets []pathSecret) ([]pathSecret, error) {
		if len(secrets) > 1 {
			return nil, errors.New("two secrets are valid already; end the older one by garner secret retire")
		}
		return append([]pathSecret{{newSecret(), time.Now()}}, secrets...), nil
	})
}

// retireSecret removes all secrets but the newest.
func retireSecret(cfg config.Config) error {
	return changeSecrets(cfg, func(secrets []pathSecret) ([]pathSecret, error) {
		if len(secrets) < 2 {
			return nil, errors.New("only one secret is valid; make a new one by garner secret rotate first")
		}
		return secrets[:1], nil
	})
}
