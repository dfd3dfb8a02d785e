package jobs

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"runtime/debug"
	"time"

	"garner/db"
	"garner/db/filestore"
	"garner/garmin"
	"garner/garmin/client"
	"garner/garmin/element"
	"garner/garmin/personal"
	"garner/health"
)

// MaxAttempts is how often a delivery is tried before it is parked.
const MaxAttempts = 5

// flushBytes is how much of one delivery is collected before it goes to the
// store in part, so that memory use does not depend on the body's size.
const flushBytes = 8 << 20

// limits of one element: 24 hours of activity samples, the largest that
// Garmin sends, take about 12 MB as a tree.
var limits = garmin.Limits{Depth: 64, ElementBytes: 64 << 20, TextBytes: 1 << 20, Elements: 2_000_000}

// Backoff is when a delivery that failed is tried again: 5 s after the first
// attempt, four times as long after each further one, ten minutes at most,
// a fifth more or less by chance (r in [0, 1)).
func Backoff(attempt int, r float64) time.Duration {
	d := 5 * time.Second
	for range min(attempt-1, 8) {
		d *= 4
	}
	d = min(d, 10*time.Minute)
	return time.Duration(float64(d) * (0.8 + 0.4*r))
}

// EndLeases releases what an earlier process held when it ended unexpectedly.
func EndLeases(ctx context.Context, store *db.Store) error {
	return store.EndLeases(ctx, time.Now(), func(attempts int) time.Duration { return Backoff(attempts, rand.Float64()) })
}

// process processes a delivery and always returns a result: permanent faults park
// the delivery, temporary ones make it due again.
func (d *Drain) process(ctx context.Context, job db.Job, ids *db.Identities, flush func(*db.Result)) *db.Result {
	out := d.attempt(ctx, job, ids, flush)
	if ids.AnyErased() && unsplit(out) {
		return d.withoutErased(ctx, out, ids)
	}
	return out
}

func (d *Drain) attempt(ctx context.Context, job db.Job, ids *db.Identities,
	flush func(*db.Result)) (out *db.Result) {
	out = &db.Result{Job: job, Type: job.Path, State: db.Done, Refused: &db.Refused{}, PeopleMark: ids.Mark}
	if job.Client == db.ClientWrong && !job.Accepted {
		out.State, out.Reason = db.Quarantined, db.ReasonWrongClient
		return out
	}
	if job.Attempt > MaxAttempts {
		return parkWhole(out, fmt.Sprintf("given up after %d attempts", MaxAttempts))
	}
	p := &processing{ids: ids, out: out, flush: flush, target: d.Target, files: d.Files}
	err := p.run(ctx, d.Inbox, d.Log)
	var unreadable *garmin.UnreadableError
	var answer unreadableAnswer
	switch {
	case err == nil:
	case errors.Is(err, db.ErrDamaged):
		d.Log.Error("the stored body of a delivery is damaged", "delivery", job.ID, "err", err)
		d.Store.FoundDamage(err)
		parkWhole(out, db.ReasonBodyDamaged)
	case errors.As(err, &unreadable):
		parkWhole(out, "not readable: "+unreadable.Error())
	case errors.As(err, &answer):
		parkWhole(out, "the answer "+answer.Error())
	case job.Attempt == MaxAttempts:
		d.Log.Error("delivery parked", "delivery", job.ID, "err", err)
		parkWhole(out, fmt.Sprintf("given up after %d attempts: %v", MaxAttempts, err))
	default:
		d.Log.Warn("delivery failed", "delivery", job.ID, "attempt", job.Attempt, "err", err)
		out = failure(out, err)
	}
	return out
}

func parkWhole(out *db.Result, reason string) *db.Result {
	out.Issues = append(out.Issues, db.Issue{Element: -1, Kind: db.Parked, Type: out.Type, Reason: bounded(reason)})
	return out
}

// processing is the state of one delivery while it is processed.
type processing struct {
	ids     *db.Identities
	out     *db.Result
	flush   func(*db.Result)
	element int32
	held    int
	issues  map[alike][]int // indexes into out.Issues
	// again opens the body once more, to look for what it says next to its lists.
	again func() (io.Reader, error)
	outer *garmin.Outer
	links map[db.Link]struct{}

	target  func(*garmin.Type, string) (client.Target, error) // see Drain
	files   *filestore.Store                                  // see Drain
	content io.Reader                                         // of the activity file that the delivery is

	endpoint *personal.Endpoint // of the Personal API, whose answer the delivery is; nil for others
}

// run takes all elements. A panic becomes an error that is the same each time, so
// that similar failures are grouped; its stack is logged.
func (p *processing) run(ctx context.Context, inbox *db.InboxReader, log *slog.Logger) (err error) {
	defer func() {
		if r := recover(); r != nil {
			log.Error("panic while a delivery was processed", "delivery", p.out.Job.ID, "panic", r,
				"stack", string(debug.Stack()))
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	job := p.out.Job
	if job.Source.MayBeFetched() && job.Encoding == garmin.FileEncoding {
		return p.file(inbox.Body(ctx, job.Delivery))
	}
	if personal.IsAnswer(job.Source, job.Encoding, job.Path) {
		return p.answer(inbox.Body(ctx, job.Delivery))
	}
	p.again = func() (io.Reader, error) { return unpacked(inbox.Body(ctx, job.Delivery), job.Encoding) }
	body, err := p.again()
	if err != nil {
		return err
	}
	return garmin.Split(body, job.Path, limits, p.item)
}

// item takes one element.
func (p *processing) item(it garmin.Item) error {
	at := p.element
	p.element++
	p.out.Elements++
	if err := p.fromOuter(&it); err != nil {
		return err
	}
	if at == 0 && it.Key != "" && p.endpoint == nil { // an answer is called as its endpoint is
		p.out.Type = it.Key
	}
	if p.fetched(it) {
		p.out.Answers = pingNamed(it.Ping)
	}
	if p.erased(it) {
		p.out.Erase = true
		p.tally(db.Tally{What: TallyErased, Type: typeKey(it)}, max(it.Count, 1))
		return nil
	}
	issue := db.Issue{Element: at, Kind: db.Parked, Type: it.Key, UserID: it.UserID, Count: max(it.Count, 1)}
	if len(issue.UserID) > longestID {
		issue.UserID = "" // part of an id could be another person's
	}
	switch fault := longID(it); {
	case it.Err != nil:
		issue.Reason = it.Err.Error()
	case fault != "":
		issue.Reason = fault
	case it.Type == nil:
		issue.Reason = db.ReasonUnknownType
	case p.ofAnother(it):
		issue.Reason = db.ReasonOtherPerson
	default:
		person, kind, reason := p.person(it)
		if kind == 0 {
			var err error
			if kind, reason, err = p.known(it, at, person); err != nil {
				return err
			}
		}
		if kind == 0 {
			return p.maybeFlush()
		}
		issue.Kind, issue.Reason = kind, reason
		if kind == db.Orphaned && it.Token != "" {
			issue.Token = db.TokenName(it.Token)
		}
	}
	p.addIssue(issue)
	return nil
}

// person finds the person of an element: the user id has priority over the token.
func (p *processing) person(it garmin.Item) (int64, db.IssueKind, string) {
	if it.UserID == "" && it.Token == "" {
		return 0, db.Parked, "names no person"
	}
	if p.endpoint == nil && db.IsPersonalID(it.UserID) {
		return 0, db.Parked, db.ReasonReservedID // who sends such an id has read it in Garner
	}
	byToken, tokenKnown := p.ids.Tokens[string(db.TokenHash(it.Token))]
	byID, idKnown := p.ids.UserIDs[it.UserID]
	switch {
	case idKnown && tokenKnown && it.Token != "" && byID != byToken:
		return 0, db.Parked, "its user id and its token belong to different people"
	case idKnown:
		if it.Token != "" && !tokenKnown {
			p.link(db.Link{Token: string(db.TokenHash(it.Token)), Person: byID})
		}
		return byID, 0, ""
	case tokenKnown && it.Token != "":
		if it.UserID != "" {
			p.link(db.Link{UserID: it.UserID, Person: byToken})
		}
		return byToken, 0, ""
	}
	return 0, db.Orphaned, "of an unknown person"
}

// learntLinks is how many new links one delivery may add.
const learntLinks = 100

func (p *processing) link(link db.Link) {
	if p.links == nil {
		p.links = map[db.Link]struct{}{}
	}
	if _, again := p.links[link]; !again && len(p.links) < learntLinks {
		p.links[link] = struct{}{}
		p.out.Links = append(p.out.Links, link)
	}
}

// known handles the element of a known person. An error is not the element's fault.
func (p *processing) known(it garmin.Item, at int32, person int64) (kind db.IssueKind, reason string, err error) {
	switch {
	case it.Type.Notice:
		kind, reason = p.notice(it, at, person)
	case it.CallbackURL != "":
		kind, reason = p.announced(it, at, person)
	case it.Type == garmin.ActivityFiles && p.content != nil:
		return p.activityFile(it, at, person)
	case it.Type.PingOnly:
		kind, reason = db.Parked, "names no address to fetch from"
	default:
		if reason = p.version(it.Type, it, at, person); reason != "" {
			kind = db.Parked
		}
	}
	return kind, reason, nil
}

func (p *processing) notice(it garmin.Item, at int32, person int64) (db.IssueKind, string) {
	detail := it.Value.AppendJSON(nil)
	if len(detail) > longestNotice {
		return db.Parked, fmt.Sprintf("is a notice longer than %d KiB", longestNotice>>10)
	}
	p.out.Notices = append(p.out.Notices, db.Notice{Element: at, Person: person, Type: it.Type.Key,
		Detail: string(detail), At: p.out.Job.Received})
	return 0, ""
}

// version adds the version of a record that an element is, or returns why it is none.
func (p *processing) version(t *garmin.Type, it garmin.Item, at int32, person int64) (fault string) {
	v, fault := Version(t, it.Value, it.UploadEnd)
	if fault != "" {
		return fault
	}
	if p.endpoint != nil {
		v.Order.Source, v.Order.UploadEnd = p.endpoint.Source, personal.Revision
		v.Sum = sumAt(v.Order.Source, v.Sum)
	}
	v.Person = person
	v.Order.Arrival = health.Arrival{Delivery: p.out.Job.ID, Element: at}
	if !v.Simulated() {
		v.ComesFrom(p.out.Job.Source)
	}
	p.out.Versions = append(p.out.Versions, v.Version)
	for _, name := range v.ignored {
		p.tally(db.Tally{What: "field not readable", Type: t.Key, Name: name}, 1)
	}
	p.held += len(v.Body) + 512
	return ""
}

func (p *processing) tally(of db.Tally, n int) {
	if p.out.Tallies == nil {
		p.out.Tallies = map[db.Tally]int{}
	}
	p.out.Tallies[of] += n
}

func (p *processing) maybeFlush() error {
	if p.held < flushBytes || p.flush == nil {
		return nil
	}
	part := *p.out
	part.Partial, part.Issues, part.Notices, part.Tallies = true, nil, nil, nil
	p.flush(&part)
	p.out.Versions, p.held = nil, 0
	return nil
}

// decoded is a version whose person and arrival are not set yet.
type decoded struct {
	health.Version
	ignored []string
}

// Version reads an element as a version of its record. uploadEnd is the end of its
// upload window in unix seconds, 0 for none. A fault is why it cannot be one.
func Version(t *garmin.Type, v element.Value, uploadEnd int64) (out decoded, fault string) {
	defer func() {
		if r := recover(); r != nil {
			fault = fmt.Sprintf("could not be decoded: %v", r)
		}
	}()
	d := t.DecodeUploaded(v, uploadEnd)
	if d.Fault != "" {
		return decoded{}, d.Fault
	}
	out.Version = health.Version{
		Type: t.RecordType(), Key: d.Key, Day: d.Day, Start: d.Start, End: d.End, Offset: d.Offset,
		Order:     health.Order{Class: d.Class, Reach: d.Reach, UploadEnd: d.UploadEnd},
		Sum:       sumOf(t.Key, v),
		SummaryID: d.SummaryID, Device: d.Device, Body: v.AppendPacked(nil), Readings: d.Readings,
	}
	if d.Simulated {
		out.ComesFrom(health.Simulated)
	}
	out.ignored = d.Ignored
	return out, ""
}

// sumOf distinguishes versions by content and by the type that they came as: an
// edited activity is another version even if no number differs.
func sumOf(key string, v element.Value) (out [16]byte) {
	content := v.Sum()
	sum := sha256.Sum256(append([]byte(key+"\x00"), content[:]...))
	copy(out[:], sum[:])
	return out
}

// sumAt is the sum of a version of another source than Garmin's pushes: what two sources
// say in the same words are two versions.
func sumAt(source health.Source, sum [16]byte) (out [16]byte) {
	again := sha256.Sum256(append(sum[:], byte(source)))
	copy(out[:], again[:])
	return out
}
