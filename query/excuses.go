package query

import (
	"context"
	"slices"
	"time"

	"garner/garmin"
	"garner/health"
)

// forever is a day that no one lives to see.
const forever health.Day = 1 << 30

// excuses are the days on which nothing of a pair was expected: paused, the
// connection ended, or the permission withdrawn. What is over stays excused.
func (c *Coverage) excuses(ctx context.Context, j int) ([]health.Excuse, error) {
	p, typ := c.person(), c.typ(j)
	var out []health.Excuse
	for _, x := range c.home.pauses {
		if (x.Person == 0 || x.Person == p.ID) && (x.Type == "" || x.Type == typ.Key) {
			out = append(out, c.excuse(x.From, x.To, health.Paused))
		}
	}
	left, err := c.disconnected(ctx)
	if err != nil {
		return nil, err
	}
	withheld, err := c.withheld(ctx, j)
	return slices.Concat(out, left, withheld), err
}

// excuse turns a span into the days whose noon on the person's clock lies in
// it; without end where to is zero.
func (c *Coverage) excuse(from, to time.Time, why health.Reason) health.Excuse {
	x := health.Excuse{From: c.firstNoon(from), To: forever, Why: why}
	if !to.IsZero() {
		x.To = c.firstNoon(to) - 1
	}
	return x
}

// firstNoon is the first day whose noon does not lie before an instant.
func (c *Coverage) firstNoon(t time.Time) health.Day {
	return dayAt(t.Add(12*time.Hour-time.Nanosecond), c.zone)
}

// disconnected are the days from the end of a connection until the first of
// which anything came again.
func (c *Coverage) disconnected(ctx context.Context) ([]health.Excuse, error) {
	if c.left != nil {
		return c.left, nil
	}
	out := []health.Excuse{}
	for _, n := range c.home.notices[c.person().ID] {
		if n.Type != garmin.Deregistrations.Key {
			continue
		}
		x := c.excuse(n.At, time.Time{}, health.Disconnected)
		for i := range c.home.Facts.Types {
			if err := c.until(ctx, &x, n.At, c.home.Facts.Types[i].Key); err != nil {
				return nil, err
			}
		}
		out = append(out, x)
	}
	c.left = out
	return out, nil
}

// until ends an excuse at the first day after an instant of which something
// came: data refute what was said.
func (c *Coverage) until(ctx context.Context, x *health.Excuse, at time.Time, typ string) error {
	covers, err := c.home.Store.CoverageOf(ctx, c.person().ID, typ, dayAt(at, c.zone)+1, x.To)
	if err == nil && len(covers) > 0 {
		x.To = covers[0].Day - 1
	}
	return err
}

// withheld are the days on which the permission for a type was not there, by
// all notices that ever named a set: from each that left it out to the next, or
// to the first day of which something came.
func (c *Coverage) withheld(ctx context.Context, j int) ([]health.Excuse, error) {
	need := c.typ(j).Permission
	if need == "" {
		return nil, nil
	}
	var out []health.Excuse
	var next time.Time
	for _, n := range c.home.notices[c.person().ID] { // the newest first
		if n.Type != garmin.UserPermissionsChange.Key {
			continue
		}
		names, said := garmin.NoticePermissions(n.Detail)
		if !said {
			continue
		}
		if !slices.Contains(names, need) {
			x := c.excuse(n.At, next, health.NotShared)
			if err := c.until(ctx, &x, n.At, c.typ(j).Key); err != nil {
				return nil, err
			}
			out = append(out, x)
		}
		next = n.At
	}
	return out, nil
}
