package element_test

import (
	"encoding/base64"
	"testing"

	"garner/garmin/element"
)

// What is packed stays on disk for years: bytes once written must go on to be
// read, whatever codings have come since. Add to this list, never change it.
func TestBytesPackedBeforeAreStillRead(t *testing.T) {
	t.Parallel()
	for packed, text := range map[string]string{
		`AQgFFwYEeDECcAkEAAAePHiAAAB4enoAAQMELTACbQkDAAACBIECAQIAAKwC4iIAAQIGMWU1AnMKA7kEAnYCdwIDAAIFAgACBAABAAEEAQ4ODgwLA` +
			`tDx0a720JESsdrSpvbQkRJT8QsABAEQEAECAQDCs/aN6IjkeoCAnPKQlKx8gICCv5Pv8AiAgLTM1N/GAwAAAgYCYQACdAoCBmxhdAJmAQIAAgQAAA` +
			`AABAAOAdDx0a720JESnpf/BwAAAAQDAba86YUIysMW////HYCAgJkQAA==`: `{"summaryId":"x1","p":{"0":60,"15":61,"30":61,` +
			`"60":-0},"m":{"0":1.5,"1":22.25,"2":1e5},"s":[{"latitudeInDegree":51.05323252268136,"v":3.4560000896453857,` +
			`"w":"a"},{"latitudeInDegree":51.05323260650039,"v":3.5},{"latitudeInDegree":51.053232690319,"v":0.25,"w":null},` +
			`{"latitudeInDegree":51.05323277413,"v":0.1}],"t":[{"lat":51.05323252268136,"f":3.4560000896453857},` +
			`{"lat":51.05323260650039,"f":3.5},{"lat":51.05323260650039,"f":0.25},{"lat":51.05323260650039,"f":-2.25}]}`,
	} {
		b, err := base64.StdEncoding.DecodeString(packed)
		if err != nil {
			t.Fatal(err)
		}
		v, err := element.Unpack(b)
		if err != nil {
			t.Fatal(err)
		}
		sameTokens(t, text, string(v.AppendJSON(nil)))
	}
}
