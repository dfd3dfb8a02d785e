package auth

import (
	"net/http"
	"time"

	"garner/server/peer"
)

// The cookies, by their names over plain HTTP. Over HTTPS a prefix binds them to
// the host and to HTTPS: a page over plain HTTP, which others can change, can
// neither read nor set them.
const (
	sessionCookie = "garner"
	deviceCookie  = "garner-device"
	hostPrefix    = "__Host-"
)

// cookieName is the name of a cookie over the connection of a request.
func cookieName(r *http.Request, name string) (full string, https bool) {
	if peer.Of(r.Context()).HTTPS {
		return hostPrefix + name, true
	}
	return name, false
}

// cookie returns the value of a cookie, empty if there is none.
func cookie(r *http.Request, name string) string {
	full, _ := cookieName(r, name)
	if c, err := r.Cookie(full); err == nil {
		return c.Value
	}
	return ""
}

func setCookie(w http.ResponseWriter, r *http.Request, name, value string, ends time.Time) {
	full, https := cookieName(r, name)
	http.SetCookie(w, &http.Cookie{Name: full, Value: value, Path: "/", Secure: https, HttpOnly: true,
		SameSite: http.SameSiteLaxMode, MaxAge: int(time.Until(ends).Seconds()) + 1})
}

func dropCookie(w http.ResponseWriter, r *http.Request, name string) {
	full, https := cookieName(r, name)
	http.SetCookie(w, &http.Cookie{Name: full, Path: "/", Secure: https, HttpOnly: true,
		SameSite: http.SameSiteLaxMode, MaxAge: -1})
}
