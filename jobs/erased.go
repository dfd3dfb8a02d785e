package jobs

import (
	"context"

	"garner/db"
	"garner/garmin"
)

// TallyErased counts elements that were dropped because their person was erased.
const TallyErased = "erased person"

// erased reports whether an element is of a person who was erased, or was fetched with
// their token. Another one that names a person whose data are kept is not.
func (p *processing) erased(it garmin.Item) bool {
	if p.fetched(it) && isErased(p.ids, it.Owner, nil) {
		return true
	}
	var token []byte
	if it.Token != "" {
		token = db.TokenHash(it.Token)
	}
	return isErased(p.ids, it.UserID, token)
}

func isErased(ids *db.Identities, userID string, token []byte) bool {
	if !ids.AnyErased() {
		return false
	}
	_, byID := ids.UserIDs[userID]
	_, byToken := ids.Tokens[string(token)]
	return !byID && !byToken && ids.Erased(userID, token)
}

// typeKey is the key of an element's type; empty for a type that is not known, since
// its name is the sender's.
func typeKey(it garmin.Item) string {
	if it.Type == nil {
		return ""
	}
	return it.Type.Key
}

// unsplit reports whether no element of a delivery was looked at: it is quarantined,
// parked as a whole, or has none.
func unsplit(o *db.Result) bool {
	return o.State == db.Done && o.Elements == 0 || o.State == db.Quarantined ||
		len(o.Issues) > 0 && o.Issues[len(o.Issues)-1].Element == -1
}

// withoutErased looks for erased people in a body that is kept as a whole. If it
// names no one else, it is dropped.
func (d *Drain) withoutErased(ctx context.Context, out *db.Result, ids *db.Identities) *db.Result {
	look := &search{mine: func(key, value string) bool {
		if key == keyToken {
			return isErased(ids, "", db.TokenHash(value))
		}
		return isErased(ids, value, nil)
	}}
	found, err := look.delivery(ctx, d.Inbox, out.Job.Delivery)
	if err != nil {
		d.Log.Warn("a delivery may name an erased person", "delivery", out.Job.ID, "err", err)
	}
	out.Erase = out.Erase || found.named
	if found.named && !found.others {
		out.State, out.Reason, out.Issues = db.Done, "", nil
		if len(out.Tallies) == 0 {
			out.Tallies = map[db.Tally]int{{What: TallyErased}: 1}
		}
	}
	return out
}
