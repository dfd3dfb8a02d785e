package ui

import (
	"strings"
	"time"
	"unicode"
)

// foldedFrom is how many alike deliveries are worth a row of their own.
const foldedFrom = 3

// likeness is what deliveries of one row have in common.
type likeness struct {
	typ, of string
	minute  time.Time
}

func (d *DeliveryRow) likeness() likeness {
	return likeness{d.Type, d.For, d.Received.Truncate(time.Minute)}
}

// folded puts three deliveries and more that are done into one row if they are of the same
// type and people and came within the same minute. It stands where the newest of them does.
func folded(rows []DeliveryRow) (out []DeliveryRow) {
	alike, at := map[likeness]int{}, map[likeness]int{}
	for i := range rows {
		if rows[i].State == Done {
			alike[rows[i].likeness()]++
		}
	}
	for _, row := range rows {
		k := row.likeness()
		i, ok := at[k]
		switch {
		case row.State != Done || alike[k] < foldedFrom:
			out = append(out, row)
		case !ok:
			at[k] = len(out)
			out = append(out, row)
		default:
			out[i].More++
			out[i].Bytes += row.Bytes
			out[i].List = inboxURL(Done, row.Type, out[i].ID+1)
		}
	}
	return out
}

// title is the name of a type for people: that of a path of the Personal API is its last part
// in words.
func (v InboxView) title(key string) string {
	if title := v.Titles[key]; title != "" {
		return title
	}
	_, last, ok := strings.Cut(key, "/")
	if !ok {
		return key
	}
	var words strings.Builder
	for _, r := range last {
		if unicode.IsUpper(r) {
			words.WriteByte(' ')
			r = unicode.ToLower(r)
		}
		words.WriteRune(r)
	}
	return capital(words.String())
}

// url is the delivery, or the list of those in the row.
func (d DeliveryRow) url() string {
	if d.More > 0 {
		return d.List
	}
	return deliveryURL(d.ID)
}
