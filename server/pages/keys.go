package pages

import "net/http"

const keysCookie = "keys"

// keysOff reports whether single-key shortcuts are switched off in this browser.
func keysOff(r *http.Request) bool {
	c, err := r.Cookie(keysCookie)
	return err == nil && c.Value == "off"
}

// setKeys keeps the choice in the browser and goes back to the page.
func (s *Site) setKeys(r *http.Request) (answer, error) {
	choice := "on"
	if r.PostFormValue("keys") == "off" {
		choice = "off"
	}
	return answer{to: backTo(r), cookie: &http.Cookie{Name: keysCookie, Value: choice, Path: "/", MaxAge: 365 * 86400,
		HttpOnly: true, SameSite: http.SameSiteLaxMode}}, nil
}
