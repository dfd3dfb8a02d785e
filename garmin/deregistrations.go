package garmin

import "garner/garmin/element"

// Deregistrations mean that a person ended the connection: {userId}, formerly with
// the token. Garmin signs nothing, so this is a hint until Garmin itself
// confirms it.
var Deregistrations = &Type{
	Key: "deregistrations", Title: "Disconnected", NaturalKey: []string{"userId"}, Notice: true, clock: dateClock,
	identify: func(v element.Value, d *Decoded) { d.Key = whose(v) },
}

// whose is the id of the person, or formerly the token.
func whose(v element.Value) string {
	if id := scalar(v.Get("userId")); id != "" {
		return id
	}
	return scalar(v.Get("userAccessToken"))
}
