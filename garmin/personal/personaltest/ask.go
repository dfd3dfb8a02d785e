// Package personaltest asks a simulated Garmin with a person's key for everything about
// some days, for tests and for the table of what each source has.
package personaltest

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"garner/garmin/personal"
	"garner/health"
)

// Asker has what each call needs.
type Asker struct {
	Client *personal.Client
	Bearer personal.Bearer
	// UserID is whom the heads of the answers name.
	UserID string
	// From and To are the days, both included.
	From, To health.Day
	Now      time.Time
	// Answered gets each answer that Garmin has.
	Answered func(personal.Head, []byte) error
}

// Everything calls every endpoint that Garner asks, for every day.
func (a Asker) Everything(ctx context.Context) error {
	for _, e := range personal.Endpoints {
		var err error
		switch {
		case !e.Asked || e.Shape == personal.Activity:
		case e.Shape == personal.Once:
			_, err = a.one(ctx, personal.Request{Endpoint: e})
		default:
			err = a.days(ctx, e)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", e.Key, err)
		}
	}
	return nil
}

func (a Asker) days(ctx context.Context, e *personal.Endpoint) error {
	span := health.Day(max(e.MostDays, 1))
	for day := a.From; day <= a.To; day += span {
		if err := a.span(ctx, personal.Request{Endpoint: e, From: day, To: min(a.To, day+span-1)}); err != nil {
			return err
		}
	}
	return nil
}

// span asks for some days, and for the files of the activities that a list names. A list
// has pages.
func (a Asker) span(ctx context.Context, r personal.Request) error {
	for {
		answer, err := a.one(ctx, r)
		if err != nil {
			return err
		}
		for _, listed := range answer.Activities {
			if listed.Manual {
				continue
			}
			file := personal.Request{Endpoint: personal.Lookup(personal.FileKey), Activity: listed.ID}
			if _, err := a.one(ctx, file); err != nil {
				return err
			}
		}
		if len(answer.Activities) < personal.PageSize {
			return nil
		}
		r.Start += personal.PageSize
	}
}

func (a Asker) one(ctx context.Context, r personal.Request) (personal.Answer, error) {
	reply, err := a.Client.Get(ctx, a.Bearer, r)
	if err != nil || reply.Status == http.StatusNotFound {
		return personal.Answer{}, err
	}
	head := personal.Head{UserID: a.UserID, Endpoint: r.Endpoint.Key, Path: reply.Path, From: r.From, To: r.To,
		Activity: r.Activity, Asked: a.Now.Unix(), ContentType: reply.ContentType}
	if err := a.Answered(head, reply.Body); err != nil {
		return personal.Answer{}, err
	}
	return personal.Read(head, reply.Body)
}
