package query

import (
	"context"
	"slices"
	"time"

	"garner/db"
	"garner/garmin"
)

// Step is a step of the set-up.
type Step string

// The steps in their order. StepDone only sums up.
const (
	StepSource      Step = "source"
	StepKey         Step = "key"
	StepAddress     Step = "address"
	StepGarmin      Step = "garmin"
	StepCallbacks   Step = "callbacks"
	StepMail        Step = "mail"
	StepPreferences Step = "preferences"
	StepHousehold   Step = "household"
	StepBackup      Step = "backup"
	StepDone        Step = "done"
	// StepMap stands among the settings only: no set-up needs it.
	StepMap Step = "map"
)

// Steps are all steps in their order. Which of them a set-up has depends on its source.
var Steps = []Step{StepSource, StepKey, StepAddress, StepGarmin, StepCallbacks, StepMail, StepPreferences,
	StepHousehold, StepBackup, StepDone}

// StepState is how far a step is.
type StepState string

// The states. A step that is not needed is no longer open, and nothing was done.
const (
	StepOpen      StepState = "open"
	StepFinished  StepState = "done"
	StepNotNeeded StepState = "not needed"
)

// The settings of the set-up itself.
const (
	// SettingSource is how data come in: SourcePush with business keys, SourceKey with
	// keys of people for the Personal API.
	SettingSource = "setup.source"
	SourcePush    = "push"
	SourceKey     = "key"
	// SettingDismissed, if set, keeps Home from offering the set-up.
	SettingDismissed = "setup.dismissed"
)

// The settings of how the household reads pages. They hold where an account has
// chosen nothing.
const (
	SettingUnits       = "preferences.units"
	SettingWeight      = "preferences.weight"
	SettingTemperature = "preferences.temperature"
	SettingEnergy      = "preferences.energy"
	SettingClock       = db.SettingClock
	SettingWeekStart   = "preferences.week_start"
	SettingZone        = "alerts.time_zone" // of the configuration; the others are not
)

// SettingsOfUnits are the settings of a household's health.Units, in the order of its fields.
var SettingsOfUnits = []string{SettingUnits, SettingWeight, SettingTemperature, SettingEnergy}

// householdPreferences are those of the household that are no keys of the
// configuration.
var householdPreferences = append([]string{SettingClock, SettingWeekStart}, SettingsOfUnits...)

// Configured is what of the configuration decides about steps.
type Configured struct {
	PublicURL, ClientID string
	// Mail is the server for mail. Channels means that another channel for
	// notifications is set up.
	Mail     string
	Channels bool
	// Zone means that the time zone of the household is set.
	Zone bool
}

// SetUp is how far the set-up is. It is computed from facts: nothing else records
// that a step is done.
type SetUp struct {
	States map[Step]StepState
	// Done and Total count the steps without StepDone. Steps that are not needed
	// count as done.
	Done, Total int
	// Dismissed means that Home does not offer it.
	Dismissed bool
}

// Steps are the steps of this set-up in their order, StepDone included.
func (s *SetUp) Steps() []Step {
	return slices.DeleteFunc(slices.Clone(Steps), func(step Step) bool {
		_, has := s.States[step]
		return !has && step != StepDone
	})
}

// After is the step after another one.
func (s *SetUp) After(step Step) Step {
	steps := s.Steps()
	return steps[min(slices.Index(steps, step)+1, len(steps)-1)]
}

// Finished reports whether no step is open.
func (s *SetUp) Finished() bool { return s.Done == s.Total }

// CallbackState is what the newest push to a callback shows.
type CallbackState string

// The states of callbacks.
const (
	CallbackNever   CallbackState = "never"
	CallbackArrived CallbackState = "arrived"
	// CallbackWithoutID arrived without the header that names the client id, and
	// CallbackWrongID with another.
	CallbackWithoutID CallbackState = "without client id"
	CallbackWrongID   CallbackState = "wrong client id"
)

// Callback is the callback of a type.
type Callback struct {
	Type, Title string
	State       CallbackState
	// At is when the newest push came; zero if that is long ago, or never.
	At time.Time
}

// volumeDays are the days in which a push counts that is no longer in the inbox.
const volumeDays = 60

// SetUp returns how far the set-up is, by the settings of Settings and the
// configuration in force. It needs a viewer who operates, and the inbox.
func (q *Reader) SetUp(ctx context.Context, settings map[string]string, have Configured) (*SetUp, error) {
	if err := q.Viewer.operates(); err != nil {
		return nil, err
	}
	people, err := q.People(ctx)
	if err != nil {
		return nil, err
	}
	c, err := q.Store.Counts(ctx, q.Inbox, q.Now)
	if err != nil {
		return nil, err
	}
	s, arrived := &SetUp{}, c.Waiting+c.Fetching+c.Done+c.Parked+c.Orphaned > 0 // not what is in quarantine
	_, s.Dismissed = settings[SettingDismissed]
	preferences := have.Zone || slices.ContainsFunc(householdPreferences, func(name string) bool {
		_, set := settings[name]
		return set
	})
	s.States = map[Step]StepState{
		StepSource:      state(settings[SettingSource] != "" || have.ClientID != "" || arrived),
		StepAddress:     state(have.PublicURL != ""),
		StepGarmin:      state(have.ClientID != ""),
		StepCallbacks:   state(arrived),
		StepMail:        state(have.Mail != ""),
		StepPreferences: state(preferences),
		StepHousehold:   state(len(people) > 0),
		StepBackup:      state(settings[db.SettingRecipient] != ""),
	}
	if have.Mail == "" && have.Channels {
		s.States[StepMail] = StepNotNeeded
	}
	keys, err := q.Store.PersonalKeys(ctx)
	if err != nil {
		return nil, err
	}
	s.bySource(settings[SettingSource], slices.ContainsFunc(keys, func(k db.PersonalKey) bool {
		return k.State == db.KeyInUse
	}))
	s.Total = len(s.States)
	for _, state := range s.States {
		if state != StepOpen {
			s.Done++
		}
	}
	return s, nil
}

// bySource leaves out what the source does not need, unless it is done.
func (s *SetUp) bySource(source string, hasKey bool) {
	if source != SourceKey {
		return
	}
	s.States[StepKey] = state(hasKey)
	for _, step := range []Step{StepAddress, StepGarmin, StepCallbacks} {
		if s.States[step] == StepOpen || step == StepCallbacks {
			delete(s.States, step)
		}
	}
}

func state(done bool) StepState {
	if done {
		return StepFinished
	}
	return StepOpen
}

// Callbacks returns those of garmin.Callbacks.
func (q *Reader) Callbacks(ctx context.Context) ([]Callback, error) {
	if err := q.Viewer.operates(); err != nil {
		return nil, err
	}
	recent, err := q.Inbox.RecentCallbacks(ctx)
	if err != nil {
		return nil, err
	}
	volumes, err := q.Store.Volumes(ctx, q.Now, volumeDays)
	if err != nil {
		return nil, err
	}
	types := garmin.Callbacks()
	out := make([]Callback, len(types))
	for i, t := range types {
		out[i] = Callback{Type: t.Key, Title: t.Title, State: CallbackNever}
		if _, ok := volumes[t.Key]; ok {
			out[i].State = CallbackArrived
		}
		if c, ok := recent[t.Key]; ok {
			out[i].State, out[i].At = callbackStates[c.Client], c.Received
		}
	}
	return out, nil
}

var callbackStates = map[db.Client]CallbackState{db.Unchecked: CallbackArrived, db.ClientRight: CallbackArrived,
	db.ClientMissing: CallbackWithoutID, db.ClientWrong: CallbackWrongID}

// Settings returns what was set on pages, by key, and why the others cannot be
// decrypted: errors that wrap db.ErrSealed. It needs a viewer who operates.
func (q *Reader) Settings(ctx context.Context) (set map[string]string, sealed map[string]error, err error) {
	if err := q.Viewer.operates(); err != nil {
		return nil, nil, err
	}
	list, err := q.Store.Settings(ctx)
	if err != nil {
		return nil, nil, err
	}
	set, sealed = map[string]string{}, map[string]error{}
	for _, s := range list {
		if s.Err != nil {
			sealed[s.Name] = s.Err
			continue
		}
		set[s.Name] = s.Value
	}
	return set, sealed, nil
}

// HouseholdPreferences are how the household reads pages, by setting; without those
// that are not set, and without the zone, which is part of the configuration.
func HouseholdPreferences(ctx context.Context, store *db.Store) (map[string]string, error) {
	list, err := store.Settings(ctx, householdPreferences...)
	out := map[string]string{}
	for _, set := range list {
		out[set.Name] = set.Value
	}
	return out, err
}
