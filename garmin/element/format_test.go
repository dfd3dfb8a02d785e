package element_test

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
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
		`AggFBwYEeDEad2VpZ2h0SW5HcmFtcwMODwZBAnAJBAIAHgAehAABeAIAeQEDBC0wAnMKAiBsYXRpdHVkZUluRGVncmVlAncCAgADAQAEAAEAAQREDgHQ` +
			`8dGu9tCREp6X/wfKlv8H2Ir/BwAAAgYCYQA=`: `{"summaryId":"x1","weightInGrams":7,"activityType":"WALKING",` +
			`"p":{"0":60,"15":61,"30":61,"60":-0},"s":[{"latitudeInDegree":51.05323252268136,"w":"a"},` +
			`{"latitudeInDegree":51.05323260650039},{"latitudeInDegree":51.053232690319,"w":null},` +
			`{"latitudeInDegree":51.05323277413}]}`,
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

// A dictionary whose words change place makes other words of what is stored.
func TestNoWordOfADictionaryChangesItsPlace(t *testing.T) {
	t.Parallel()
	for version, want := range map[byte]string{1: "4d37e352b951203f", 2: "f85e67355828a236"} {
		sum := sha256.New()
		for place := range uint64(1 << 10) {
			packed := binary.AppendUvarint([]byte{version, 6}, place<<1|1) // a string that is a word
			if v, err := element.Unpack(packed); err == nil {
				fmt.Fprintln(sum, v.Text())
			}
		}
		if got := hex.EncodeToString(sum.Sum(nil)[:8]); got != want {
			t.Errorf("the words of version %d are %s, were %s", version, got, want)
		}
	}
}
