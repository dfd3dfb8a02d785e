package auth

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"

	"garner/db"
)

// Reauthenticate checks the password of whom a request is from. The session gets
// a new token and is Fresh. The errors are those of SignIn.
func (a *Auth) Reauthenticate(w http.ResponseWriter, r *http.Request, password string) error {
	who, ok := Of(r.Context())
	if !ok {
		return ErrWrong
	}
	hash, err := a.again(r, who, password)
	if err != nil {
		return err
	}
	return a.begin(w, r, &who.Account, hash)
}

// again checks the password of an account that is signed in, and returns its hash.
func (a *Auth) again(r *http.Request, who Who, password string) (hash string, err error) {
	giveBack, err := a.limiter.take(time.Now(), ofAccount(strconv.FormatInt(who.Account.ID, 10)))
	if err != nil {
		return "", err
	}
	if hash, err = a.Store.PasswordHash(r.Context(), who.Account.ID); err == nil {
		hash, err = a.verify(r.Context(), true, &who.Account, password, hash)
	}
	if errors.Is(err, ErrWrong) {
		a.failed(r, time.Now(), &who.Account)
	} else {
		giveBack()
	}
	return hash, err
}

// SetPassword replaces the password of whom a request is from. All other
// sessions of the account end. The errors are those of SignIn, and
// PasswordError.
func (a *Auth) SetPassword(w http.ResponseWriter, r *http.Request, from, to string) error {
	who, ok := Of(r.Context())
	if !ok {
		return ErrWrong
	}
	if err := CheckPassword(to, who.Account.Name); err != nil {
		return err
	}
	if _, err := a.again(r, who, from); err != nil {
		return err
	}
	hash, err := a.hasher.Hash(r.Context(), to)
	if err != nil {
		return err
	}
	if err := a.Store.SetPassword(r.Context(), time.Now(), who.Account.ID, hash); err != nil {
		return err
	}
	a.audit(r, &who.Account, db.ActionPasswordChanged, "")
	return a.begin(w, r, &who.Account, hash)
}

// Link returns the one-time link of a token, without using it. The errors are
// ErrLink and *TooMany.
func (a *Auth) Link(r *http.Request, token string) (*db.OneTimeLink, error) {
	addr, _ := a.Client(r)
	giveBack, err := a.limiter.take(time.Now(), ofBlock(addr))
	if err != nil {
		return nil, err
	}
	l, err := a.Store.LinkByHash(r.Context(), time.Now(), HashToken(token))
	if errors.Is(err, db.ErrNotFound) {
		return nil, ErrLink
	}
	giveBack()
	return l, err
}

// SetUp creates the first admin by a set-up link and signs them in. The errors
// are those of Link, ErrBusy, PasswordError, db.ErrTaken and db.ErrHasAdmin. The
// link works again after an error.
func (a *Auth) SetUp(w http.ResponseWriter, r *http.Request, token, name, password string) error {
	return a.byLink(w, r, token, password, func(ctx context.Context, l *db.OneTimeLink, hash string) (*db.Account, error) {
		if l.Kind != db.LinkSetup {
			return nil, ErrLink
		}
		return a.Store.CreateFirstAdmin(ctx, time.Now(), HashToken(token), db.Account{Name: name}, hash)
	}, name)
}

// Accept sets the password of the account that an invitation or a reset link
// belongs to, and signs it in. adminsRead is for db.OneTimeLink.AsksAdminsRead.
// The errors are those of Link, ErrBusy and PasswordError. The link works again
// after an error.
func (a *Auth) Accept(w http.ResponseWriter, r *http.Request, token, password string, adminsRead *bool) error {
	return a.byLink(w, r, token, password, func(ctx context.Context, l *db.OneTimeLink, hash string) (*db.Account, error) {
		if l.Kind == db.LinkSetup {
			return nil, ErrLink
		}
		account, err := a.Store.AcceptLink(ctx, time.Now(), HashToken(token), hash, adminsRead)
		if err == nil && l.AsksAdminsRead && adminsRead != nil && *adminsRead {
			a.audit(r, account, db.ActionSharingChanged, "admins may see values")
		}
		return account, err
	}, "")
}

// byLink signs in the account that use makes of a link and the hash of a
// password. name is that of a new account.
func (a *Auth) byLink(w http.ResponseWriter, r *http.Request, token, password string,
	use func(context.Context, *db.OneTimeLink, string) (*db.Account, error), name string) error {
	l, err := a.Link(r, token)
	if err != nil {
		return err
	}
	if err := CheckPassword(password, name+l.Name); err != nil {
		return err
	}
	hash, err := a.hasher.Hash(r.Context(), password)
	if err != nil {
		return err
	}
	account, err := use(r.Context(), l, hash)
	if errors.Is(err, db.ErrNotFound) {
		return ErrLink
	}
	if err != nil {
		return err
	}
	if l.Kind == db.LinkSetup {
		a.audit(r, account, db.ActionAccountAdded, string(account.Role))
	} else {
		a.audit(r, account, db.ActionPasswordChanged, string(l.Kind))
	}
	if err := a.begin(w, r, account, hash); err != nil {
		return err
	}
	a.remember(w, r, time.Now(), nil, account)
	a.signedIn(r, account)
	return nil
}
