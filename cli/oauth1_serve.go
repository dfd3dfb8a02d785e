package cli

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
	"time"

	"garner/config"
	"garner/db"
	"garner/garmin/client"
	"garner/jobs/connect"
	"garner/server/pages"
)

const (
	// oauth1Variable is the consumer secret, or with _FILE the name of a file with it.
	oauth1Variable = "GARNER_OAUTH1_CONSUMER_SECRET"
	// oauth1SignIn is the value of GARNER_OAUTH1 that makes people sign in by OAuth 1.
	oauth1SignIn = "sign-in"
	// oauth1Connect is what the connect page says then.
	oauth1Connect = "Garmin ends the kind of sign-in that this Garner still uses (OAuth 1) on 2026-12-31. You can " +
		"connect now: the admin moves connections to its successor before that day."
)

// oauth1Ends is when Garmin retires OAuth 1 (Garmin API, 9.1).
var oauth1Ends = time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)

// oauth1Set reads the environment: the consumer secret, empty if OAuth 1 is not in
// use, and whether people sign in by OAuth 1.
func oauth1Set(env []string) (secret string, signIn bool, err error) {
	secret = variable(env, oauth1Variable)
	if path := variable(env, oauth1Variable+"_FILE"); path != "" {
		text, err := os.ReadFile(path)
		if err != nil {
			return "", false, fmt.Errorf("%s_FILE: %w", oauth1Variable, err)
		}
		secret = strings.TrimSpace(string(text))
	}
	switch mode := variable(env, "GARNER_OAUTH1"); {
	case mode == "":
		return secret, false, nil
	case mode != oauth1SignIn:
		return "", false, fmt.Errorf("GARNER_OAUTH1: must be %s or not set, got %q", oauth1SignIn, mode)
	case secret == "":
		return "", false, fmt.Errorf("GARNER_OAUTH1=%s: set %s as well", oauth1SignIn, oauth1Variable)
	}
	return secret, true, nil
}

func variable(env []string, name string) string {
	for _, line := range env {
		if value, ok := strings.CutPrefix(line, name+"="); ok {
			return value
		}
	}
	return ""
}

// oauth1Of makes OAuth 1 of the configuration and the environment.
func oauth1Of(cfg config.Config, store *db.Store, secret string, env []string, log *slog.Logger) (*connect.OAuth1,
	error) {
	own := client.GarminOAuth1
	own.ConsumerKey, own.ConsumerSecret = cfg.Garmin.ClientID, secret
	if origin := variable(env, "GARNER_OAUTH1_ORIGIN"); origin != "" {
		for _, address := range []*string{&own.RequestURL, &own.AccessURL, &own.ConfirmURL, &own.ExchangeURL} {
			u, err := url.Parse(*address)
			if err != nil {
				return nil, err
			}
			*address = origin + u.Path
		}
	}
	garmin, err := newClient(cfg, log)
	if err != nil {
		return nil, err
	}
	if garmin == nil {
		return nil, errNoClient
	}
	signer, err := client.NewOAuth1(own, log)
	if err != nil {
		return nil, fmt.Errorf("OAuth 1: %w", err)
	}
	return &connect.OAuth1{Store: store, Garmin: garmin, Signer: signer}, nil
}

// oauth1Protocol signs calls for people who are connected by OAuth 1, and makes others
// sign in by it where the environment says so. Pages lead to the same host of Garmin
// by both protocols, so their forms may.
func oauth1Protocol(cfg config.Config, store *db.Store, env []string, log *slog.Logger) (pages.Protocol, error) {
	secret, signIn, err := oauth1Set(env)
	if err != nil || secret == "" {
		return pages.Protocol{Credential: (&notSigned{why: oauth1Variable + " is not set", log: log}).credential}, err
	}
	o, err := oauth1Of(cfg, store, secret, env, log)
	if errors.Is(err, errNoClient) {
		log.Warn("OAuth 1 is off until Garner starts again", "err", err)
		return pages.Protocol{Credential: (&notSigned{why: err.Error(), log: log}).credential}, nil
	}
	if err != nil {
		return pages.Protocol{}, err
	}
	log.Warn(oauth1Notice)
	other := pages.Protocol{Credential: o.Credential}
	if signIn {
		other.SignIn, other.Notice = o, oauth1Connect
	}
	return other, nil
}

// notSigned refuses to call with tokens of OAuth 1: as tokens of OAuth 2, Garmin
// would refuse them, and their people would have to connect again.
type notSigned struct {
	why  string
	log  *slog.Logger
	once sync.Once
}

func (n *notSigned) credential(t db.Tokens) (client.Credential, bool) {
	_, _, ok := t.OAuth1()
	return n, ok
}

// Sign implements client.Credential. It logs the first refusal.
func (n *notSigned) Sign(*http.Request) error {
	n.once.Do(func() {
		n.log.Error("people are connected by OAuth 1, and Garmin is not called for them", "err", n.why)
	})
	return errors.New(n.why)
}

// oauth1Findings say that OAuth 1 ends, where it is on.
func oauth1Findings(env []string, now time.Time) []finding {
	secret, signIn, err := oauth1Set(env)
	switch {
	case err != nil:
		return []finding{{bad, err.Error()}}
	case secret == "":
		return nil
	case !now.Before(oauth1Ends):
		return []finding{{bad, "OAuth 1 ended on 2026-12-31: garner oauth1 list names who must connect again; then unset " +
			oauth1Variable + " and GARNER_OAUTH1"}}
	case signIn:
		return []finding{{unset, "people sign in by OAuth 1, which Garmin ends on 2026-12-31: ask Garmin to move the " +
			"application, then unset GARNER_OAUTH1 and run garner oauth1 exchange"}}
	}
	return []finding{{unset, "OAuth 1 is on, and Garmin ends it on 2026-12-31: garner oauth1 list names who is " +
		"connected by it, garner oauth1 exchange moves them"}}
}
