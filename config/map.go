package config

import (
	"net/netip"
	"net/url"
	"regexp"
	"strings"
)

// tileHost is a host as it may stand in a policy: a name or an IPv4 address, perhaps
// with a port.
var tileHost = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:[0-9]{1,5})?$`)

// longestAttribution is how many bytes an attribution may have.
const longestAttribution = 300

func (l *loading) validateMap(m *Map) {
	if fault := tilesFault(m.Tiles); fault != "" {
		l.fault("map.tiles", "%s", fault)
	}
	switch {
	case m.Tiles != "" && strings.TrimSpace(m.Attribution) == "":
		l.fault("map.attribution", "is needed with map.tiles: the makers of tiles ask to be named")
	case len(m.Attribution) > longestAttribution:
		l.fault("map.attribution", "must be at most %d bytes", longestAttribution)
	}
	if m.MaxZoom < 1 || m.MaxZoom > 22 {
		l.fault("map.max_zoom", "must be 1 to 22, got %d", m.MaxZoom)
	}
}

// tilesFault is what is wrong with an address of tiles; empty for nothing.
func tilesFault(template string) string {
	if template == "" {
		return ""
	}
	rest := template
	for _, part := range []string{"{z}", "{x}", "{y}"} {
		if strings.Count(template, part) != 1 {
			return "must have {z}, {x} and {y} once each, as in https://tiles.example.org/{z}/{x}/{y}.png"
		}
		rest = strings.ReplaceAll(rest, part, "0")
	}
	u, err := url.Parse(rest)
	switch {
	case strings.ContainsAny(rest, "{}"):
		return "may have no other parts in braces than {z}, {x} and {y}"
	case err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http":
		return "must be an address such as https://tiles.example.org/{z}/{x}/{y}.png"
	case u.User != nil:
		return "must have no user and no password: every browser would learn them"
	case !strings.HasPrefix(template, u.Scheme+"://"+u.Host+"/") || !tileHost.MatchString(u.Host):
		return "must have one plain host, without {z}, {x} and {y} in it"
	case u.Fragment != "":
		return "must have no fragment"
	case u.Scheme == "http" && !isAtHome(u.Hostname()):
		return "must be https, except in a private network"
	}
	return ""
}

// isAtHome reports whether a host is on this machine or in a private network.
func isAtHome(host string) bool {
	if ip, err := netip.ParseAddr(host); err == nil {
		return ip.IsLoopback() || ip.IsPrivate()
	}
	return IsLoopback(host) || !strings.Contains(host, ".") || strings.HasSuffix(host, ".local") ||
		strings.HasSuffix(host, ".home.arpa")
}

// Origin is scheme and host of the tiles, empty without tiles.
func (m Map) Origin() string {
	u, err := url.Parse(m.Tiles)
	if err != nil || m.Tiles == "" {
		return ""
	}
	return u.Scheme + "://" + u.Host
}
