package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"garner/config"
	"garner/db"
	"garner/health/alert"
)

// canary is in every name, id, secret, address and value of the test. 90210 is a value.
const canary = "CANARY"

func TestDiagnosticsHaveNothingOfPeopleAndNoSecret(t *testing.T) {
	t.Parallel()
	dir, ctx, now := t.TempDir(), t.Context(), time.Now()
	cfg := configOf(t, dir)
	f, err := openFiles(ctx, cfg, nil)
	if err != nil {
		t.Fatal(err)
	}
	person, err := f.store.AddPerson(ctx, now, canary+" Jones", canary+"user", canary+"token")
	if err != nil {
		t.Fatal(err)
	}
	for _, body := range []string{
		`{"dailies":[{"userId":"` + canary + `user","summaryId":"` + canary + `","calendarDate":"2026-11-20",
			"startTimeInSeconds":1795150800,"startTimeOffsetInSeconds":0,"durationInSeconds":86400,"steps":90210}]}`,
		`{"dailies":[{"userId":"` + canary + `user","calendarDate":"` + canary + `","steps":90210}]}`,
		`{"` + canary + `Type":[{"userId":"` + canary + `user","value":90210}]}`,
		canary + `90210`,
	} {
		if _, err := f.inbox.Put(ctx, db.Arrival{Received: now, Path: canary}, []byte(body)); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(
		drainHere(ctx, &view{f.inbox.InboxReader, f.store}, cfg, slog.New(slog.DiscardHandler)),
		f.store.SetSignal(ctx, "probe", db.Signal{At: now, Value: 1, Detail: canary}),
		f.store.SetSignal(ctx, "callback_secret:"+canary, db.Signal{At: now}),
		f.store.SetSignal(ctx, canary, db.Signal{At: now}),
		f.store.PutIncidents(ctx, now, []alert.Change{{Incident: alert.Incident{Subject: alert.Subject{
			Kind: alert.PersonSilent, Person: person.ID}, Since: now, Opened: now, Evidence: alert.Evidence{Name: canary,
			Detail: canary}}}}, func(alert.Change) ([]db.Notification, error) { return nil, nil }),
		f.Close()); err != nil {
		t.Fatal(err)
	}
	var out, errs bytes.Buffer
	env := append([]string{"GARNER_DATA_DIR=" + dir}, canaries...)
	a := &app{in: strings.NewReader(""), out: &out, err: &errs, env: env}
	path := filepath.Join(t.TempDir(), "diagnostics.json")
	if status := a.status(ctx, []string{"diagnostics", "-o", path}); status != 0 {
		t.Fatal(errs.String())
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{canary, strings.ToLower(canary), "90210", dir} {
		if at := bytes.Index(text, []byte(secret)); at >= 0 {
			t.Errorf("%s is in the diagnostics: %s", secret, text[max(0, at-100):min(len(text), at+100)])
		}
	}
	var d struct {
		Config    map[string]string
		Files     []struct{ Rows map[string]int64 }
		Incidents map[string]int `json:"incidents_open"`
		Failures  []struct{ Elements int }
	}
	if err := json.Unmarshal(text, &d); err != nil {
		t.Fatal(err)
	}
	if d.Config["mail.password"] != "set" || d.Config["alerts.ntfy_url"] != "not set" || d.Config["log.level"] != "warn" ||
		len(d.Files) != 2 || d.Files[0].Rows["person"] != 1 || d.Incidents["person_silent"] != 1 || len(d.Failures) < 2 {
		t.Errorf("%s", text)
	}
}

// canaries are settings that name people, places and secrets.
var canaries = []string{"GARNER_LOG_LEVEL=warn", "GARNER_MAIL_HOST=canary.example.org", "GARNER_MAIL_USERNAME=" + canary,
	"GARNER_MAIL_PASSWORD=" + canary, "GARNER_MAIL_FROM=" + canary + "@example.org", "GARNER_MAIL_TO=" + canary +
		"@example.org", "GARNER_GARMIN_CLIENT_ID=" + canary, "GARNER_GARMIN_CLIENT_SECRET=" + canary,
	"GARNER_GARMIN_CALLBACK_SECRET=" + canary + "0123456789abcdef", "GARNER_PUBLIC_URL=https://canary.example.org",
	"GARNER_HOSTS=canary.example.net", "GARNER_ALERTS_WEBHOOK_SECRET=Q0FOQVJZQ0FOQVJZQ0FOQVJZQ0FOQVJZQ0FOQVJZ",
	"GARNER_ALERTS_HEARTBEAT_URL=https://example.org/" + canary}

func TestNoSecretIsAPublicKey(t *testing.T) {
	t.Parallel()
	cfg := config.Default()
	fill(reflect.ValueOf(&cfg).Elem())
	for key, value := range cfg.Public() {
		if strings.Contains(value, canary) {
			t.Errorf("%s is shown as %q", key, value)
		}
	}
}

// fill sets every secret of a configuration.
func fill(v reflect.Value) {
	switch {
	case v.Type() == reflect.TypeFor[config.Secret]():
		v.SetString(canary)
	case v.Kind() == reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i))
		}
	}
}
