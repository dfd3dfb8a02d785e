package auth

import (
	"net/http"
	"time"
)

// The cookies, by their names over plain HTTP. Over HTTPS a prefix binds them to
// the host and to HTTPS: a page over plain HTTP, which others can change, can
// neither read nor set them.
const (
	sessionCookie = "garner"
	deviceCookie  = "garner-device"
	hostPrefix    = "__Host-"
)

func (a *Auth) cookieName(r *http.Request, name string) (full string, https bool) {
	if _, https = a.Client(r); https {
		return hostPrefix + name, true
	}
	return name, false
}

// cookie returns the value of a cookie, empty if there is none.
func (a *Auth) cookie(r *http.Request, name string) string {
	full, _ := a.cookieName(r, name)
	if c, err := r.Cookie(full); err == nil {
		return c.Value
	}
	return ""
}

func (a *Auth) setCookie(w http.ResponseWriter, r *http.Request, name, value string, ends time.Time) {
	full, https := a.cookieName(r, name)
	http.SetCookie(w, &http.Cookie{Name: full, Value: value, Path: "/", Secure: https, HttpOnly: true,
		SameSite: http.SameSiteLaxMode, MaxAge: int(time.Until(ends).Seconds()) + 1})
}

func (a *Auth) dropCookie(w http.ResponseWriter, r *http.Request, name string) {
	full, https := a.cookieName(r, name)
	http.SetCookie(w, &http.Cookie{Name: full, Path: "/", Secure: https, HttpOnly: true,
		SameSite: http.SameSiteLaxMode, MaxAge: -1})
}
