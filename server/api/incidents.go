package api

import (
	"time"

	"garner/query"
	"garner/ui/text"
)

// incident is an incident as the API has it.
type incident struct {
	ID       int64      `json:"id"`
	Kind     string     `json:"kind"`
	Person   string     `json:"person,omitempty" doc:"The slug of the person; absent if it is about all people."`
	Type     string     `json:"type,omitempty" doc:"Absent if it is about all types."`
	Open     bool       `json:"open"`
	Since    time.Time  `json:"since" doc:"When it began."`
	Opened   time.Time  `json:"opened_at" doc:"When it was detected."`
	Closed   *time.Time `json:"closed_at,omitempty"`
	Headline string     `json:"headline" doc:"What it is, in a line."`
	Known    []string   `json:"known" doc:"What is known about it, in sentences."`
	Follows  string     `json:"follows,omitempty" doc:"What follows from that."`
	Next     string     `json:"next,omitempty" doc:"What can be done."`
	Ended    string     `json:"ended,omitempty" doc:"How it ended."`
}

func (r *request) incidentOf(e *query.Incident) incident {
	out := incident{ID: e.ID, Kind: string(e.Kind), Open: e.Open(), Since: utc(e.Since), Opened: utc(e.Opened)}
	var names text.Names
	if e.Person != nil {
		out.Person, names.Person = e.Person.Slug, e.Person.Name
	}
	if e.Type != nil {
		out.Type, names.Type = e.Type.Key, e.Type.Title
	}
	if !e.Open() {
		closed := utc(e.Closed)
		out.Closed = &closed
	}
	w := text.Explain(&e.Incident, names, r.query.Now, time.UTC, text.Clock24)
	out.Headline, out.Known, out.Follows, out.Next, out.Ended = w.Headline, w.Known, w.Follows, w.Next, w.Ended
	if out.Known == nil {
		out.Known = []string{}
	}
	return out
}

func utc(t time.Time) time.Time { return t.UTC().Truncate(time.Millisecond) }

// incidentStates are the words of the parameter state.
var incidentStates = []string{"open", "all"}

// incidents lists what the token sees, the newest first.
func (r *request) incidents() (any, error) {
	var person int64
	if r.params.Has("person") {
		p, err := r.query.Person(r.Context(), r.params.Get("person"))
		if err != nil {
			return nil, err
		}
		person = p.ID
	}
	state, err := r.several("state", incidentStates)
	if err != nil {
		return nil, err
	}
	if len(state) > 1 {
		return nil, errParameter.with("state: want open or all")
	}
	limit, err := r.limit(usualLimit, mostLimit)
	if err != nil {
		return nil, err
	}
	var before int64
	if _, err := r.after(&before); err != nil {
		return nil, err
	}
	found, more, err := r.query.IncidentsBefore(r.Context(), person, state == nil || state[0] == "open", before, limit)
	if err != nil {
		return nil, err
	}
	out := list[incident]{Data: []incident{}}
	for i := range found {
		out.Data = append(out.Data, r.incidentOf(&found[i]))
	}
	if more {
		out.Next, err = r.next(found[len(found)-1].ID)
	}
	return out, err
}
