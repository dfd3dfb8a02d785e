package ui

import "testing"

func TestABrowserIsNamedByItsOwnPartOfTheUserAgent(t *testing.T) {
	t.Parallel()
	const mac, kit = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) ", "AppleWebKit/537.36 (KHTML, like Gecko) "
	for agent, want := range map[string]string{
		"Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0":                        "Firefox on Linux",
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) " + kit + "Chrome/142.0.0.0 Safari/537.36":           "Chrome on Windows",
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) " + kit + "Chrome/142.0.0.0 Safari/537.36 Edg/142.0": "Edge on Windows",
		mac + "AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15":                   "Safari on macOS",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) " +
			"CriOS/142.0 Mobile/15E148 Safari/604.1": "Chrome on iPhone",
		"Mozilla/5.0 (Linux; Android 10; K) " + kit + "SamsungBrowser/29.0 Chrome/136.0 Mobile Safari/537.36": "Samsung Internet " +
			"on Android",
		"curl/8.5.0": "curl", "": "Unknown browser", "something on Linux": "Unknown browser on Linux",
	} {
		if got := Browser(agent); got != want {
			t.Errorf("%q is %q, want %q", agent, got, want)
		}
	}
}
