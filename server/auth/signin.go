package auth

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"

	"garner/db"
	"garner/server/peer"
)

// SignIn gives the browser a session of the named account. The errors are
// ErrWrong, *TooMany and ErrBusy; an unknown name, a disabled account and a
// wrong password are the same error after the same time.
func (a *Auth) SignIn(w http.ResponseWriter, r *http.Request, name, password string) error {
	ctx, now := r.Context(), time.Now()
	device, err := a.device(r, now, name)
	if err != nil {
		return err
	}
	addr := peer.Of(r.Context()).Addr
	from := []bucket{ofBlock(addr), ofNameAndBlock(name, addr)}
	if device != nil {
		from = []bucket{ofDevice(device)}
	}
	giveBack, err := a.limiter.take(now, from...)
	if err != nil {
		return err
	}
	account, hash, err := a.credentials(ctx, name)
	if err != nil {
		giveBack()
		return err
	}
	hash, err = a.verify(ctx, device != nil, account, password, hash)
	if errors.Is(err, ErrWrong) {
		a.failed(r, now, account)
		return err
	}
	giveBack()
	if err != nil {
		return err
	}
	if err := a.begin(w, r, account, hash); err != nil {
		return err
	}
	a.remember(w, r, now, device, account)
	a.signedIn(r, account)
	return nil
}

// credentials returns an account and its hash. The hash is empty where no
// password may match; the account is nil where there is none.
func (a *Auth) credentials(ctx context.Context, name string) (account *db.Account, hash string, err error) {
	account, err = a.store.AccountByName(ctx, name)
	if errors.Is(err, db.ErrNotFound) {
		return nil, "", nil
	}
	if err != nil || account.Disabled {
		return account, "", err
	}
	hash, err = a.store.PasswordHash(ctx, account.ID)
	return account, hash, err
}

// verify returns the hash of the right password, which it replaces if it was
// made with other parameters, and ErrWrong for a wrong one. known is that of
// Hasher.check.
func (a *Auth) verify(ctx context.Context, known bool, account *db.Account, password, hash string) (string, error) {
	ok, old, err := a.hasher.check(ctx, known, password, hash)
	if err != nil {
		return "", err
	}
	if !ok {
		return "", ErrWrong
	}
	if !old {
		return hash, nil
	}
	upgraded, err := a.hasher.Hash(ctx, password)
	if errors.Is(err, ErrBusy) {
		return hash, nil // next time
	}
	if err != nil {
		return "", err
	}
	return upgraded, a.store.UpgradeHash(ctx, account.ID, hash, upgraded)
}

// device returns the hash of the browser's device cookie if it signed in to the
// named account before, or nil.
func (a *Auth) device(r *http.Request, now time.Time, name string) ([]byte, error) {
	token := cookie(r, deviceCookie)
	if token == "" {
		return nil, nil
	}
	hash := HashToken(token)
	account, err := a.store.DeviceAccount(r.Context(), now, hash)
	if errors.Is(err, db.ErrNotFound) {
		return nil, nil
	}
	if err != nil || db.FoldName(account.Name) != db.FoldName(name) {
		return nil, err
	}
	return hash, nil
}

// remember records that the browser signed in. The sign-in is valid without.
func (a *Auth) remember(w http.ResponseWriter, r *http.Request, now time.Time, device []byte, account *db.Account) {
	token := cookie(r, deviceCookie)
	if device == nil {
		token, device = newToken()
	}
	if err := a.store.SaveDevice(r.Context(), now, device, account.ID); err != nil {
		a.log.Error("remember the browser", "err", err)
		return
	}
	setCookie(w, r, deviceCookie, token, now.Add(db.DeviceKept))
}

// failed counts a failed sign-in. The account is nil for an unknown name, which
// may be a password that was typed in the wrong field and is not kept. The answer does not
// wait for the audit log: how long that takes would tell whether there is an account. See
// Wait.
func (a *Auth) failed(r *http.Request, now time.Time, account *db.Account) {
	if account == nil {
		account = &db.Account{}
	}
	if n := a.failures.count(now, account.ID); n > 0 {
		a.notes.Go(func() { a.Audit(r, account, db.ActionSignInsFailed, strconv.Itoa(n)) })
	}
}

func (a *Auth) signedIn(r *http.Request, account *db.Account) {
	if n := a.failures.flush(account.ID); n > 0 {
		a.Audit(r, account, db.ActionSignInsFailed, strconv.Itoa(n))
	}
	a.Audit(r, account, db.ActionSignedIn, "")
}
