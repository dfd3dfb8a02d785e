package pages

import "net/http"

// activityRoutes are those of a person's activities, by Garmin's id.
func (s *Site) activityRoutes(file func(Access, string, http.HandlerFunc)) {
	const one = "/p/{slug}/activities/{id:[0-9]+}"
	file(Values, one+"/samples.json", s.page(s.activitySamples))
}
