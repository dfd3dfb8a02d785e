package garmin

import "garner/garmin/element"

// Deregistrations say that a person cut the link: {userId}, in older times with
// the token. Garmin signs nothing, so this is a hint until Garmin itself
// confirms it.
var Deregistrations = &Type{
	Key: "deregistrations", Title: "Disconnected", NaturalKey: []string{"userId"}, Notice: true, clock: dateClock,
	identify: func(v element.Value, d *Decoded) { d.Key = whose(v) },
}

// whose is the id of the person, or in older times the token.
func whose(v element.Value) string {
	if id := scalar(v.Get("userId")); id != "" {
		return id
	}
	return scalar(v.Get("userAccessToken"))
}
