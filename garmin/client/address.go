package client

import (
	"errors"
	"net"
	"net/netip"
	"net/url"
	"strings"
)

// ParseOrigin reads the address of an API: https, or plain http where the host is
// literally loopback. It returns scheme and host only.
func ParseOrigin(raw string) (*url.URL, error) {
	u, err := parseAddress(raw)
	switch {
	case err != nil:
		return nil, err
	case strings.Trim(u.Path, "/") != "":
		return nil, errors.New("must have no path")
	}
	return &url.URL{Scheme: u.Scheme, Host: u.Host}, nil
}

// parseAddress reads one of the configured addresses, with its host in lower case.
func parseAddress(raw string) (*url.URL, error) {
	u, err := url.Parse(raw)
	if err != nil || u.Hostname() == "" || u.Opaque != "" {
		return nil, errors.New("wants an address such as https://example.org") // without err: it repeats the address
	}
	u.Host = strings.ToLower(u.Host)
	switch {
	case u.User != nil:
		return nil, errors.New("must have no user or password")
	case strings.ContainsAny(raw, "?#"):
		return nil, errors.New("must have no query and no fragment")
	case strings.Trim(u.Host, "abcdefghijklmnopqrstuvwxyz0123456789-.:[]") != "" || strings.HasSuffix(u.Hostname(), "."):
		return nil, errors.New("has a host name of a wrong form")
	case u.Scheme != "https" && (u.Scheme != "http" || !loopback(u.Hostname())):
		return nil, errors.New("must be https, except on this machine")
	}
	return u, nil
}

// loopback reports whether a host is literally this machine.
func loopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && !ip.Is4In6() && ip.IsLoopback()
}

// hostPort is what a transport dials for an address.
func hostPort(u *url.URL) string {
	port := u.Port()
	switch {
	case port != "":
	case u.Scheme == "https":
		port = "443"
	default:
		port = "80"
	}
	return net.JoinHostPort(u.Hostname(), port)
}
