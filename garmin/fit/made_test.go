package fit_test

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/muktihari/fit/encoder"
	"github.com/muktihari/fit/profile/basetype"
	"github.com/muktihari/fit/profile/mesgdef"
	"github.com/muktihari/fit/profile/typedef"
	"github.com/muktihari/fit/proto"

	"garner/garmin"
	"garner/garmin/element"
	"garner/garmin/fit"
)

const noon = 1_700_000_000

func at(second int) time.Time { return time.Unix(noon+int64(second), 0).UTC() }

type message interface {
	ToMesg(*mesgdef.Options) proto.Message
}

// made is a FIT file of some messages, after the one that says its kind.
func made(t testing.TB, kind typedef.File, messages ...message) []byte {
	t.Helper()
	file := &proto.FIT{FileHeader: proto.FileHeader{ProtocolVersion: proto.V2},
		Messages: []proto.Message{mesgdef.NewFileId(nil).SetType(kind).ToMesg(nil)}}
	for _, m := range messages {
		file.Messages = append(file.Messages, m.ToMesg(nil))
	}
	var out bytes.Buffer
	if err := encoder.New(&out).Encode(file); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func record(second int) *mesgdef.Record { return mesgdef.NewRecord(nil).SetTimestamp(at(second)) }

func session(sport typedef.Sport, second int) *mesgdef.Session {
	return mesgdef.NewSession(nil).SetStartTime(at(second)).SetTimestamp(at(second)).SetSport(sport)
}

func timer(second int, what typedef.EventType) *mesgdef.Event {
	return mesgdef.NewEvent(nil).SetTimestamp(at(second)).SetEvent(typedef.EventTimer).SetEventType(what)
}

// details reads a file of messages that must be whole.
func details(t testing.TB, messages ...message) element.Value {
	t.Helper()
	v, damage, err := fit.Details(element.Value{}, bytes.NewReader(made(t, typedef.FileActivity, messages...)))
	if err != nil || damage != "" {
		t.Fatalf("damage %q, %v", damage, err)
	}
	return v
}

// texts is a member of each sample, "-" where it is absent.
func texts(v element.Value, name string) string {
	var all []string
	for s := range v.Get("samples").Items() {
		text := "-"
		if got := s.Get(name); got.Kind() != element.Absent {
			text = got.Text()
		}
		all = append(all, text)
	}
	return strings.Join(all, " ")
}

func TestInvalidValuesAreAbsentAndEnhancedOnesComeFirst(t *testing.T) {
	t.Parallel()
	v := details(t, session(typedef.SportRunning, 0),
		record(0).SetHeartRate(0).SetAltitude(2600).SetSpeed(1500),
		record(1).SetHeartRate(60).SetSpeed(1500).SetEnhancedSpeed(2500).SetPositionLat(5),
		record(2).SetAltitude(2600).SetEnhancedAltitude(3001).SetTemperature(-3).SetCadence(80).SetFractionalCadence(64))
	for name, want := range map[string]string{
		"heartRate": "- 60 -", "speedMetersPerSecond": "1.5 2.5 -", "elevationInMeters": "20.0 - 100.2",
		"latitudeInDegree": "- - -", "powerInWatts": "- - -", "airTemperatureCelcius": "- - -3.0",
		"stepsPerMinute": "- - 161.0", "totalDistanceInMeters": "- - -",
	} {
		if got := texts(v, name); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}

func TestTheTimerStandsInPausesAndTheClockDoesNot(t *testing.T) {
	t.Parallel()
	v := details(t, session(typedef.SportCycling, 0), timer(0, typedef.EventTypeStart),
		record(0).SetEnhancedSpeed(5000), record(10).SetEnhancedSpeed(0), // smart recording: no samples in between
		timer(12, typedef.EventTypeStop), timer(12, typedef.EventTypeStopAll), timer(30, typedef.EventTypeStart),
		record(31).SetEnhancedSpeed(4000), record(40).SetEnhancedSpeed(4000), timer(40, typedef.EventTypeStopAll), record(45))
	for name, want := range map[string]string{
		"clockDurationInSeconds":  "0 10 31 40 45",
		"timerDurationInSeconds":  "0 10 13 22 22",
		"movingDurationInSeconds": "0 10 10 19 19",
	} {
		if got := texts(v, name); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}

func TestThereIsOneSampleASecondInOrder(t *testing.T) {
	t.Parallel()
	v := details(t, record(2).SetHeartRate(72), record(1).SetHeartRate(61), record(1).SetPower(200), record(0),
		session(typedef.SportCycling, 0))
	if got := texts(v, "clockDurationInSeconds"); got != "0 1 2" {
		t.Errorf("samples at %s", got)
	}
	if hr, power := texts(v, "heartRate"), texts(v, "powerInWatts"); hr != "- 61 72" || power != "- 200.0 -" {
		t.Errorf("heart rate %s, power %s", hr, power)
	}
}

func TestRecordsWithAWrongClockAreCounted(t *testing.T) {
	t.Parallel()
	raw := made(t, typedef.FileActivity, session(typedef.SportCycling, 0), record(-5), record(0), record(33*86400),
		mesgdef.NewRecord(nil).SetTimestamp(time.Unix(631065600+500, 0))) // since it was switched on
	v, damage, err := fit.Details(element.Value{}, bytes.NewReader(raw))
	if n := v.Get("samples").Len(); err != nil || n != 1 || damage != "2 records outside of the activity's time" {
		t.Errorf("%d samples, %q, %v", n, damage, err)
	}
}

func TestTheOffsetIsThatOfTheDevicesClock(t *testing.T) {
	t.Parallel()
	for offset, want := range map[int]string{-19800: "-19800", 0: "0", 90000: ""} {
		v := details(t, record(0), session(typedef.SportTraining, 0), mesgdef.NewActivity(nil).SetTimestamp(at(5)).
			SetLocalTimestamp(at(5+offset)))
		if got := v.Get("summary").Get("startTimeOffsetInSeconds").Text(); got != want {
			t.Errorf("offset %q, want %q", got, want)
		}
	}
}

func TestAChainIsReadWithoutItsCourses(t *testing.T) {
	t.Parallel()
	chain := made(t, typedef.FileCourse, record(-90).SetHeartRate(99))
	chain = append(chain, made(t, typedef.FileActivity, record(0).SetHeartRate(61), session(typedef.SportCycling, 0))...)
	chain = append(chain, made(t, typedef.FileActivity, record(1).SetHeartRate(62))...)
	v, damage, err := fit.Details(element.Value{}, bytes.NewReader(chain))
	if got := texts(v, "heartRate"); err != nil || damage != "" || got != "61 62" {
		t.Errorf("heart rate %s, %q, %v", got, damage, err)
	}
	many := bytes.Repeat(made(t, typedef.FileActivity, record(0)), 40)
	if _, damage, err := fit.Details(element.Value{}, bytes.NewReader(many)); err != nil ||
		!strings.Contains(damage, "more than 32 files") {
		t.Errorf("damage %q, %v", damage, err)
	}
}

func TestDeveloperFieldsAndUnknownMessagesAreIgnored(t *testing.T) {
	t.Parallel()
	own := record(1).SetHeartRate(61).SetDeveloperFields(proto.DeveloperField{Num: 3, Value: proto.Uint16(7)})
	v := details(t, mesgdef.NewDeveloperDataId(nil).SetDeveloperDataIndex(0),
		mesgdef.NewFieldDescription(nil).SetDeveloperDataIndex(0).SetFieldDefinitionNumber(3).
			SetFitBaseTypeId(basetype.Uint16).SetFieldName([]string{"power"}),
		own, unknown{}, session(typedef.SportCycling, 1))
	if got := texts(v, "heartRate"); got != "61" {
		t.Errorf("heart rate %s", got)
	}
}

// unknown is a message that the profile does not have.
type unknown struct{}

func (unknown) ToMesg(*mesgdef.Options) proto.Message {
	return proto.Message{Num: 65280, Fields: []proto.Field{{FieldBase: &proto.FieldBase{Num: 1, BaseType: basetype.Uint8},
		Value: proto.Uint8(5)}}}
}

func TestAMultisportFileHasTheSumsAndEachSportsCadence(t *testing.T) {
	t.Parallel()
	v := details(t, record(0).SetCadence(30), record(100).SetCadence(80), record(200).SetCadence(80),
		session(typedef.SportSwimming, 0).SetTotalTimerTimeScaled(99).SetTotalDistanceScaled(50).SetMaxHeartRate(150),
		session(typedef.SportCycling, 100).SetTotalTimerTimeScaled(98).SetTotalDistanceScaled(900).SetMaxHeartRate(170),
		session(typedef.SportRunning, 200).SetTotalTimerTimeScaled(3).SetMaxHeartRate(120).SetAvgHeartRate(110))
	for name, want := range map[string]string{"swimCadenceInStrokesPerMinute": "30.0 - -", "bikeCadenceInRPM": "- 80.0 -",
		"stepsPerMinute": "- - 160.0"} {
		if got := texts(v, name); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
	want := `{"activityType":"MULTISPORT","startTimeInSeconds":1700000000,"durationInSeconds":200,` +
		`"maxHeartRateInBeatsPerMinute":170,"distanceInMeters":950.0}`
	if got := string(v.Get("summary").AppendJSON(nil)); got != want {
		t.Errorf("summary %s, want %s", got, want)
	}
}

func TestAnActivityOfThirtyHoursIsRead(t *testing.T) {
	t.Parallel()
	const hours = 30
	v, damage, err := fit.Details(element.Value{}, bytes.NewReader(long(t, hours*360, 10)))
	if n := v.Get("samples").Len(); err != nil || damage != "" || n != hours*360 {
		t.Errorf("%d samples, %q, %v", n, damage, err)
	}
	if d := garmin.ActivityDetails.Decode(v.With("activityId", "7")); d.Fault != "" || d.End-d.Start != hours*3600 {
		t.Errorf("decoded %+v", d)
	}
}

// long is a ride of so many samples, each some seconds after the one before.
func long(t testing.TB, samples, seconds int) []byte {
	messages := make([]message, 0, samples+1)
	for i := range samples {
		messages = append(messages, record(i*seconds).SetHeartRate(uint8(90+i%80)).SetPower(uint16(i%400)).SetCadence(85).
			SetPositionLat(int32(600_000_000+i*40)).SetPositionLong(int32(150_000_000+i*30)).
			SetEnhancedAltitude(uint32(2600+i%500)).SetEnhancedSpeed(uint32(7000+i%900)).SetDistance(uint32(i*740)).
			SetTemperature(21))
	}
	messages = append(messages, session(typedef.SportCycling, 0).SetTotalTimerTimeScaled(float64(samples*seconds)))
	return made(t, typedef.FileActivity, messages...)
}

// endless is a file that never ends: its header claims 4 GiB, one definition, and
// the same message over and over.
func endless(definition, data []byte) io.Reader {
	header := []byte{12, 0x20, 0, 0, 0xff, 0xff, 0xff, 0xff, '.', 'F', 'I', 'T'}
	return io.MultiReader(bytes.NewReader(append(header, definition...)), &repeat{data: data})
}

type repeat struct {
	data []byte
	next int
}

func (r *repeat) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = r.data[r.next]
		r.next = (r.next + 1) % len(r.data)
	}
	return len(p), nil
}

func TestHostileFilesEndAtALimit(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes long with the race detector; runs without -short")
	}
	// One definition each: header, reserved, order of bytes, number of the message, fields (number, size, type).
	time := []byte{0, 0, 0, 0x40}
	records := endless([]byte{0x40, 0, 0, 20, 0, 1, 253, 4, 0x86}, append([]byte{0}, time...))
	sessions := endless([]byte{0x40, 0, 0, 18, 0, 1, 2, 4, 0x86}, append([]byte{0}, time...))
	events := endless([]byte{0x40, 0, 0, 21, 0, 3, 253, 4, 0x86, 0, 1, 0, 1, 1, 0}, append(append([]byte{0}, time...), 0, 0))
	descriptions := endless([]byte{0x40, 0, 0, 206, 0, 1, 0, 1, 2}, []byte{0, 0})
	large := endless([]byte{0x40, 0, 0, 0, 0xff, 1, 0, 255, 2}, append([]byte{0}, make([]byte, 255)...))
	for want, file := range map[string]io.Reader{
		"more than 200000 records":      records,
		"more than 20000 sessions":      sessions,
		"more than 20000 timer events":  events,
		"more than 64 developer fields": descriptions,
		"longer than 64 MiB":            large,
	} {
		_, damage, err := fit.Details(element.Value{}, file)
		if err != nil {
			damage = err.Error() // nothing usable was before it
		}
		if !strings.Contains(damage, want) {
			t.Errorf("%s: damage %q, %v", want, damage, err)
		}
	}
}

func TestAFaultOfTheReaderIsNotDamage(t *testing.T) {
	t.Parallel()
	lost := errors.New("the disk is gone")
	raw := made(t, typedef.FileActivity, record(0), record(1))
	r := io.MultiReader(bytes.NewReader(raw[:len(raw)-4]), iotest.ErrReader(lost))
	if _, _, err := fit.Details(element.Value{}, r); !errors.Is(err, lost) {
		t.Errorf("error %v", err)
	}
}
