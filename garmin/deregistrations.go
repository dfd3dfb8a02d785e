package garmin

import "garner/garmin/element"

// Deregistrations say that a person cut the link: {userId}, in older times with
// the token. Garmin signs nothing, so this is a hint until Garmin itself
// confirms it.
var Deregistrations = &Type{
	Key: "deregistrations", Title: "Disconnected", NaturalKey: []string{"userId"}, Notice: true, clock: dateClock,
	identify: func(v element.Value, d *Decoded) {
		if d.Key = scalar(v.Get("userId")); d.Key == "" {
			d.Key = scalar(v.Get("userAccessToken"))
		}
	},
}
