package query_test

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"garner/db"
	"garner/garmin"
	"garner/health"
	"garner/health/alert"
	"garner/query"
)

// asked are the methods that are about no one, or whose value is asked itself.
var asked = []string{"Reader.Household", "Household.LastDays", "Household.Load", "Reader.Reads", "Reader.ChangesPause",
	"Reader.ReadsPrivate"}

// crowded is a town in which every question has an answer about Ada.
func crowded(t *testing.T) *town {
	t.Helper()
	s := newTown(t, "Ada")
	s.q.Inbox = s.Inbox.InboxReader
	s.days(1, between(friday-30, friday-10)...)
	s.nights(1, between(friday-30, friday-8)...)
	s.lasts(120, "healthSnapshot", 1, "", friday-10)
	s.lasts(0, "bloodPressures", 1, `,"measurementTimeInSeconds":1792000000,"systolic":120`, friday-10)
	s.lasts(0, "weightGoals", 1, `,"startDate":"2026-10-01","goalValueInGrams":68000`, friday-10)
	s.lasts(0, "mct", 1, `,"periodStartDate":"2026-11-01","cycleLength":28`, friday-10)
	s.Run()
	s.must(s.Store.PutRule(t.Context(), db.Rule{Person: 1, Type: "hrv", Limit: time.Hour}))
	_, err := s.Store.PutPause(t.Context(), db.Pause{Person: 1, Type: "hrv", From: evening.Add(-time.Hour), To: evening.Add(time.Hour)})
	s.must(err)
	_, err = s.Inbox.Put(t.Context(), db.Arrival{Received: evening}, []byte(`{"dailies":[]}`)) // not drained
	s.must(err)
	s.must(s.Store.ChangeSettings(t.Context(), db.SettingChange{Name: "public_url", Value: "https://garner.example.org"}))
	s.incident(alert.PersonSilent, 1, friday-6, 0)
	s.incident(alert.PersonLeft, 1, friday-20, friday-19)
	s.must(s.Store.PutNotifications(t.Context(), []db.Notification{{Key: "k", Incident: 1, Event: "opened",
		Channel: "mail", Destination: "ada@example.org", Subject: "Ada is silent", Created: evening, Due: evening}}))
	_, err = s.Store.BeginBackup(t.Context(), db.Backup{Cause: "schedule", File: "f", Began: evening})
	s.must(err)
	s.account()
	s.window(s.connect(1), garmin.Dailies, friday-40, friday-35)
	s.key(1)
	s.must(s.Store.SetDayNote(t.Context(), evening, 1, health.Note{Day: friday - 12, Text: "ill"}))
	s.arrives(evening, "activities", 1, `"summaryId":"1","activityId":1,"activityName":"Run","startTimeInSeconds":1795154400,`+
		`"startTimeOffsetInSeconds":0,"durationInSeconds":60`)
	s.Run()
	s.file()
	return s
}

// file adds an activity file of Ada's.
func (s *town) file() {
	id, err := s.Inbox.Put(s.T.Context(), db.Arrival{Received: evening}, []byte(`{}`))
	s.must(err)
	s.must(s.Store.Apply(s.T.Context(), evening, []*db.Result{{Job: db.Job{Delivery: &db.Delivery{ID: id,
		Arrival: db.Arrival{Received: evening}}}, State: db.Done,
		Files: []db.File{{Person: 1, Activity: "1", Kind: "FIT", SHA256: []byte("sum")}}}}))
}

// account adds Ada's account, with a session and an entry of the audit log, and
// another one.
func (s *town) account() {
	ctx := s.T.Context()
	a, err := s.Store.AddAccount(ctx, evening, db.Account{Name: "Ada", Role: db.RoleMember, Person: 1}, "hash")
	s.must(err)
	_, err = s.Store.AddAccount(ctx, evening, db.Account{Name: "Ben", Role: db.RoleAdmin}, "hash")
	s.must(err)
	s.must(s.Store.AddSession(ctx, []byte("token"), []byte("data"), db.Session{Account: a.ID, Created: evening, Seen: evening,
		Ends: evening.AddDate(1, 0, 0)}, "hash"))
	_, err = s.Store.AddAPIToken(ctx, []byte("box"), db.APIToken{Name: "everyone", Created: evening})
	s.must(err)
	_, err = s.Store.AddAPIToken(ctx, []byte("token"), db.APIToken{Name: "Ada's", Account: a.ID, Person: 1, Created: evening})
	s.must(err)
	s.must(s.Store.AddAudit(ctx, db.AuditEntry{At: evening, Account: a.ID, Actor: "Ada", Person: 1,
		Action: db.ActionExported}))
}

// arguments returns some values to call with, of each type of parameter.
func arguments(t *testing.T, s *town, of string, typ reflect.Type) (out []any) {
	t.Helper()
	ada, err := s.Store.PersonBySlug(t.Context(), "ada")
	s.must(err)
	if of == "Reader" && typ == reflect.TypeFor[int]() {
		return []any{9, 2026} // a limit, a year
	}
	switch typ {
	case reflect.TypeFor[context.Context]():
		return []any{t.Context()}
	case reflect.TypeFor[int64]():
		return []any{int64(0), int64(1)}
	case reflect.TypeFor[int]():
		return []any{0} // a place
	case reflect.TypeFor[bool]():
		return []any{false, true}
	case reflect.TypeFor[string]():
		return []any{"", "ada", "dailies", "1", "steps"}
	case reflect.TypeFor[health.Day]():
		return []any{friday - 30, friday - 10}
	case reflect.TypeFor[*db.Person]():
		return []any{ada}
	case reflect.TypeFor[[]*db.Person]():
		return []any{[]*db.Person{ada}}
	case reflect.TypeFor[[]int]():
		return []any{[]int{0}}
	case reflect.TypeFor[[]int64]():
		return []any{[]int64{1}}
	case reflect.TypeFor[query.SnapshotID]():
		return []any{query.SnapshotID((friday - 10).Midnight().Unix() - s.offset)}
	case reflect.TypeFor[[]string]():
		return []any{[]string(nil), []string{"dailies", "steps"}}
	case reflect.TypeFor[[]*garmin.Type]():
		return []any{[]*garmin.Type{garmin.Dailies}}
	case reflect.TypeFor[*garmin.Type]():
		return []any{garmin.Dailies}
	case reflect.TypeFor[db.Cursor]():
		return []any{db.Cursor{}}
	case reflect.TypeFor[[]*health.Record]():
		records, err := s.Store.Records(t.Context(), 1, "dailies", friday-30, friday, db.Cursor{}, 9)
		s.must(err)
		return []any{records}
	case reflect.TypeFor[query.TableRange]():
		return []any{query.TableRange{From: friday - 30, To: friday, Limit: 9}}
	case reflect.TypeFor[map[string]string]():
		return []any{map[string]string{"setup.source": "push"}}
	case reflect.TypeFor[query.Configured]():
		return []any{query.Configured{}}
	case reflect.TypeFor[query.HomeFilter]():
		return []any{query.HomeFilter{}}
	case reflect.TypeFor[query.ActivityFilter]():
		return []any{query.ActivityFilter{}, query.ActivityFilter{Limit: 9}}
	case reflect.TypeFor[query.StatusFilter]():
		return []any{query.StatusFilter{Limit: 9}}
	case reflect.TypeFor[query.ShareFilter]():
		return []any{query.ShareFilter{Limit: 9}}
	case reflect.TypeFor[query.InboxFilter]():
		return []any{query.InboxFilter{Limit: 9}}
	case reflect.TypeFor[db.AuditFilter]():
		return []any{db.AuditFilter{}, db.AuditFilter{Person: 1}, db.AuditFilter{Account: 1}}
	case reflect.TypeFor[query.ChangeCursor]():
		return []any{query.ChangeCursor{}}
	case reflect.TypeFor[alert.Kind]():
		for _, kind := range alert.Kinds {
			out = append(out, kind)
		}
		return out
	case reflect.TypeFor[alert.State]():
		for state := range alert.State(16) {
			out = append(out, state)
		}
		return out
	}
	t.Fatalf("say here what to call with for a %v", typ)
	return nil
}

// calls returns every combination of arguments of a method.
func calls(t *testing.T, s *town, of string, method reflect.Value) [][]reflect.Value {
	t.Helper()
	out := [][]reflect.Value{nil}
	for i := range method.Type().NumIn() {
		var more [][]reflect.Value
		for _, before := range out {
			for _, a := range arguments(t, s, of, method.Type().In(i)) {
				more = append(more, append(slices.Clone(before), reflect.ValueOf(a)))
			}
		}
		out = more
	}
	return out
}

// said is what a call gives that says something.
func said(method reflect.Value, args []reflect.Value) (out []string) {
	call := method.Call
	if method.Type().IsVariadic() {
		call = method.CallSlice
	}
	for _, v := range call(args) {
		if v.Type() == reflect.TypeFor[error]() || v.Type() == reflect.TypeFor[query.ChangeCursor]() { // a place alone says nothing
			continue
		}
		if v.Kind() == reflect.Func { // an iterator over what comes and an error
			for x := range v.Seq2() {
				if says(x) {
					out = append(out, fmt.Sprintf("%+v", x))
				}
			}
			continue
		}
		if says(v) {
			out = append(out, fmt.Sprintf("%+v", v))
		}
	}
	return out
}

// says looks for anything that is not zero or empty.
func says(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		return !v.IsNil() && says(v.Elem())
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			if says(v.Index(i)) {
				return true
			}
		}
		return false
	case reflect.Map:
		return v.Len() > 0
	case reflect.Struct:
		for i := range v.NumField() {
			name := v.Type().Field(i).Name // what was asked, and the catalogue, are no secrets
			if name != "Search" && name != "Types" && says(v.Field(i)) {
				return true
			}
		}
		return false
	}
	return !v.IsZero()
}

func TestAViewerOfNoOneGetsNothingFromAnyMethod(t *testing.T) {
	t.Parallel()
	s := crowded(t)
	for _, c := range []struct {
		viewers  []query.Viewer // wantSome is of them together
		wantSome bool
	}{{[]query.Viewer{query.Operator(), query.Account(false, 1).SignedInAs(1)}, true},
		{[]query.Viewer{{}}, false}, {[]query.Viewer{query.Account(false, 2, 3).SignedInAs(2)}, false},
		{[]query.Viewer{query.Operator().Only(2), query.Account(true, 1).Only(2), query.Account(false, 1).Only(2)}, false},
	} {
		wantSome := c.wantSome
		for _, name := range []string{"Reader", "Household"} {
			viewer := c.viewers[0]
			receiver := func() reflect.Value {
				q := *s.q
				q.Viewer = viewer
				if name == "Reader" {
					return reflect.ValueOf(&q)
				}
				home, err := q.Household(t.Context())
				s.must(err)
				return reflect.ValueOf(home)
			}
			for i := range receiver().NumMethod() {
				method := name + "." + receiver().Type().Method(i).Name
				if slices.Contains(asked, method) {
					continue
				}
				var all []string
				for _, viewer = range c.viewers {
					for _, args := range calls(t, s, name, receiver().Method(i)) {
						all = append(all, said(receiver().Method(i), args)...)
					}
				}
				if (len(all) > 0) != wantSome {
					t.Errorf("%s gives viewers %+v %.300v", method, c.viewers, all)
				}
			}
		}
	}
}
