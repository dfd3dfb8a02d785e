package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"garner/config"
	"garner/db"
	"garner/garmin"
	"garner/query"
	"garner/server/selftest"
)

// reviewed begins the line about Garmin's production review.
const reviewed = "ready for Garmin's production review: "

// checkPublic tests the public address, and says what Garmin's production review
// would find missing. Both need a running Garner: an address answers only then, and
// opening the databases of one that is stopped would leave files behind.
func checkPublic(ctx context.Context, cfg config.Config, now time.Time) (out []finding) {
	serves, err := served(cfg.DataDir)
	serves = serves && err == nil
	missing := []string{"public_url"}
	switch {
	case cfg.PublicURL == "":
		out = []finding{{unset, "public_url: not set; Garmin needs an https address that reaches Garner: set it once a " +
			"port, a proxy or a tunnel provides one"}}
	case !serves:
		out = []finding{{unset, "public address " + cfg.PublicURL + ": not tested; garner serve does not run"}}
	default:
		out, missing = checkAddress(ctx, cfg)
	}
	if !serves {
		return append(out, finding{unset, reviewed + "not known; garner serve does not run"})
	}
	return append(out, checkReview(ctx, cfg, now, missing))
}

// checkAddress tests the public address, and returns what the review would miss
// there.
func checkAddress(ctx context.Context, cfg config.Config) (out []finding, missing []string) {
	report := selftest.Run(ctx, selftest.Options{URL: cfg.PublicURL})
	for _, line := range report.Lines {
		if line.State == selftest.Skipped {
			continue // an earlier line says why
		}
		m := map[selftest.State]mark{selftest.OK: good, selftest.Failed: bad, selftest.Warning: unset}[line.State]
		out = append(out, finding{m, "public address: " + strings.TrimSpace(line.What+" "+line.Do)})
	}
	for _, test := range []selftest.Test{selftest.Name, selftest.Port, selftest.TLS, selftest.Certificate,
		selftest.Callbacks} {
		if report.State(test) != selftest.OK {
			return out, []string{"a public address that passes all tests above"}
		}
	}
	return out, nil
}

// reviewBody is the size of a callback that Garmin's review requires.
const reviewBody = 100_000_000

// checkReview says what Garmin's production review would find missing, as far as
// Garner knows.
func checkReview(ctx context.Context, cfg config.Config, now time.Time, missing []string) finding {
	if cfg.Garmin.ClientID == "" {
		missing = append(missing, "garmin.client_id")
	}
	if int64(cfg.Limits.BodyBytes) < reviewBody {
		missing = append(missing, "limits.body_bytes of 100 MB or more")
	}
	if time.Duration(cfg.Limits.WriteTimeout) >= 30*time.Second {
		missing = append(missing, "limits.write_timeout below the 30 seconds that Garmin waits")
	}
	r, err := review(ctx, cfg, now)
	if err != nil {
		return finding{unset, reviewed + "not known; " + err.Error()}
	}
	if r.People < 2 {
		missing = append(missing, fmt.Sprintf("data of two people in the last %d days (people so far: %d)", query.ReviewDays,
			r.People))
	}
	for _, key := range r.Notices {
		missing = append(missing, "a first callback of "+key)
	}
	if len(missing) > 0 {
		return finding{unset, reviewed + "not yet; missing: " + strings.Join(missing, "; ")}
	}
	text := fmt.Sprintf("%sas far as Garner knows; people: %d, types that arrived in %d days: %d", reviewed, r.People,
		query.ReviewDays, len(r.Arrived))
	if len(r.Absent) > 0 {
		text += "; turn off in the portal or wait for: " + strings.Join(r.Absent, ", ")
	}
	return finding{good, text + "; Garmin also wants data from real watches and a pass of its Partner Verification"}
}

// review reads what has arrived.
func review(ctx context.Context, cfg config.Config, now time.Time) (r *query.Review, err error) {
	if err := checkOwner(cfg.DataDir); err != nil {
		return nil, err
	}
	store, err := db.OpenStoreBeside(ctx, cfg.DataDir, garmin.Kinds(), garmin.Metrics())
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	return (&query.Reader{Viewer: query.Operator(), Store: store, Now: now}).Review(ctx)
}
