package config

import (
	"net"
	"net/netip"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
)

// Names are the hosts in lower case.
func (c Config) Names() (names []string) {
	for _, host := range c.Hosts {
		names = append(names, strings.ToLower(host))
	}
	return names
}

// Trusted are the networks of trusted_proxies.
func (c Config) Trusted() (networks []netip.Prefix) {
	for _, text := range c.TrustedProxies {
		if network, ok := parseNetwork(text); ok {
			networks = append(networks, network)
		}
	}
	return networks
}

// parseNetwork reads a network, or an address as the network of that alone.
func parseNetwork(text string) (netip.Prefix, bool) {
	if addr, err := netip.ParseAddr(text); err == nil && addr.Zone() == "" {
		addr = addr.Unmap()
		return netip.PrefixFrom(addr, addr.BitLen()), true
	}
	network, err := netip.ParsePrefix(text)
	return network.Masked(), err == nil && !network.Addr().Is4In6()
}

// setListeners sets the addresses that follow from tls.mode where they are not
// set themselves.
func (l *loading) setListeners(c *Config) {
	set := func(address *string, key, usual string) {
		if _, ok := l.places[key]; !ok {
			*address = usual
		}
	}
	switch c.TLS.Mode {
	case "acme":
		set(&c.ListenHTTPS, "listen_https", ":443")
		set(&c.ListenHTTP, "listen_http", ":80")
	case "files":
		set(&c.ListenHTTPS, "listen_https", ":443")
	}
}

func (l *loading) validateAddresses(c *Config) {
	l.validateListen("listen", c.Listen)
	if c.ListenHTTPS != "" {
		l.validateListen("listen_https", c.ListenHTTPS)
	}
	if c.ListenHTTP != "" {
		l.validateListen("listen_http", c.ListenHTTP)
	}
	if c.PublicURL != "" {
		l.validatePublicURL(c.PublicURL)
	}
	for _, host := range c.Hosts {
		if !isHost(host) {
			l.fault("hosts", "must be names such as garner.example.org, without scheme and port, got %q", host)
		}
	}
	for _, text := range c.TrustedProxies {
		if _, ok := parseNetwork(text); !ok {
			l.fault("trusted_proxies", "must be addresses or networks such as 192.168.1.5 or 10.0.0.0/24, got %q", text)
		}
	}
	l.validateTLS(c)
}

func (l *loading) validateListen(key, address string) {
	if _, ok := SplitAddress(address); !ok {
		l.fault(key, "must be host:port, got %q", address)
	}
}

// isHost reports whether text can be a host: an address, or labels with dots
// between them.
func isHost(text string) bool {
	if addr, err := netip.ParseAddr(text); err == nil {
		return addr.Zone() == ""
	}
	return !slices.ContainsFunc(strings.Split(text, "."), func(label string) bool {
		return label == "" || strings.Trim(strings.ToLower(label), "abcdefghijklmnopqrstuvwxyz0123456789-_") != ""
	})
}

// validateTLS checks that a mode has what it needs.
func (l *loading) validateTLS(c *Config) {
	if c.TLS.DNS != "" {
		l.validateWord("tls.dns", c.TLS.DNS, "rfc2136", "cloudflare", "desec")
	}
	switch c.TLS.Mode {
	case "off":
		if c.ListenHTTPS != "" {
			l.fault("listen_https", `needs certificates: set tls.mode to "acme" or "files"`)
		}
		return
	case "acme":
		if u, err := url.Parse(c.PublicURL); err != nil || !isDNSName(u.Hostname()) {
			l.fault("tls.mode", "acme needs a public_url with a public name such as https://garner.example.org")
		}
	case "files":
		l.validateReadable("tls.cert_file", c.TLS.CertFile)
		l.validateReadable("tls.key_file", c.TLS.KeyFile)
	default:
		l.validateWord("tls.mode", c.TLS.Mode, "off", "acme", "files")
		return
	}
	if c.ListenHTTPS == "" {
		l.fault("listen_https", "must not be empty while tls.mode is %q", c.TLS.Mode)
	}
}

// isDNSName reports whether an authority on the internet may know a host.
func isDNSName(host string) bool {
	_, err := netip.ParseAddr(host)
	host = strings.ToLower(host)
	return err != nil && strings.Contains(host, ".") && isHost(host) && !strings.HasSuffix(host, ".local") &&
		!strings.HasSuffix(host, ".home.arpa")
}

func (l *loading) validateReadable(key, path string) {
	if path == "" {
		l.fault(key, `is needed while tls.mode is "files"`)
		return
	}
	if _, err := os.ReadFile(path); err != nil {
		l.fault(key, "%v", err)
	}
}

// SplitAddress returns the host of an address to listen on.
func SplitAddress(address string) (host string, ok bool) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return "", false
	}
	_, err = strconv.ParseUint(port, 10, 16)
	return host, err == nil
}
