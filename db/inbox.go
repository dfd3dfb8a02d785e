package db

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/klauspost/compress/zstd"

	"garner/health"
)

// Client is the result of checking a delivery's garmin-client-id header.
type Client uint8

// The results. Unchecked means that no client id is configured.
const (
	Unchecked Client = iota
	ClientRight
	ClientMissing
	ClientWrong
)

// Arrival holds the facts of a delivery's arrival.
type Arrival struct {
	Received time.Time
	// Path is the type that the callback's path names: a hint.
	Path     string
	Client   Client
	Source   health.Origin
	Encoding string
}

// InboxLimits limit what the inbox accepts.
type InboxLimits struct {
	// QueueRows and QueueBytes bound what waits for the writer; beyond them
	// Put gives ErrBusy at once.
	QueueRows, QueueBytes int64
	// BacklogRows and BacklogBytes bound what is stored and not yet applied.
	BacklogRows, BacklogBytes int64
	// MinFree is the disk space that is kept free.
	MinFree int64
}

// ChunkSize is the size in bytes above which a body is stored in pieces.
const ChunkSize = 1 << 20

// A commit takes what waits, up to this much.
const (
	groupRows  = 256
	groupBytes = 32 << 20
)

// compressAbove is the body size from which writing and syncing fewer bytes
// is worth the time of compressing.
const compressAbove = 16 << 10

// Inbox is inbox.db, opened by the process that receives. One goroutine
// writes; it commits what waits in one transaction and only then answers the
// senders.
type Inbox struct {
	*InboxReader
	lim         InboxLimits
	enc         *zstd.Encoder
	guard       *guard
	checkpoints *checkpointer

	queue      chan *op
	queuedRows atomic.Int64
	memory     budget

	// Known backlog: grows with Put, shrinks with Settle.
	backlogRows, backlogBytes atomic.Int64
	puts                      atomic.Int64
	// fullAt is the free space at which a write failed for lack of it; 0 if the
	// last write succeeded.
	fullAt atomic.Int64

	mu     sync.Mutex // guards closed against a late submit
	closed bool
	done   chan struct{}

	breaking sync.Once
	broken   chan struct{}
	cause    error // set before broken is closed

	// Wake gets a value, without blocking, when a delivery was stored.
	wake chan<- struct{}
}

// leastMemory is what the largest body that is kept in one row may need.
const leastMemory = 4 * ChunkSize

// OpenInbox opens or creates inbox.db in dir, and deletes what interrupted
// uploads left. Only the process that holds the lock of the data directory may
// call it; others open an InboxReader. wake, which may be nil, gets a value for
// each delivery, without blocking.
func OpenInbox(ctx context.Context, dir string, lim InboxLimits, wake chan<- struct{}) (*Inbox, error) {
	f, err := openFile(ctx, filepath.Join(dir, "inbox.db"), inboxSchema, writingBodies)
	if err != nil {
		return nil, err
	}
	in := &Inbox{
		InboxReader: &InboxReader{f: f}, lim: lim, wake: wake,
		queue:  make(chan *op, lim.QueueRows),
		memory: budget{most: max(lim.QueueBytes, leastMemory)},
		done:   make(chan struct{}), broken: make(chan struct{}),
	}
	w, err := in.prepare(ctx)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open inbox: %w", err), f.Close())
	}
	in.checkpoints = f.startCheckpoints(in.breakDown)
	go in.write(w)
	return in, nil
}

func (in *Inbox) prepare(ctx context.Context) (w *inboxWriter, err error) {
	if in.enc, err = zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(2),
		zstd.WithWindowSize(1<<18)); err != nil {
		return nil, err
	}
	if in.dec, err = newDecoder(); err != nil {
		return nil, err
	}
	if in.guard, err = newGuard(ctx, in.f); err != nil {
		return nil, err
	}
	in.guard.alone = true
	if w, err = newInboxWriter(ctx, in.f, in.guard); err != nil {
		return nil, err
	}
	// If the disk is full or the file damaged, the leftovers stay: receiving
	// matters more.
	if err := fault(w.dropLeftovers(ctx)); err != nil && !errors.Is(err, ErrFull) && !errors.Is(err, ErrBroken) {
		return nil, errors.Join(fmt.Errorf("drop interrupted uploads: %w", err), w.Close())
	}
	return w, nil
}

// newDecoder limits what a damaged or hostile frame can make us allocate.
func newDecoder() (*zstd.Decoder, error) {
	return zstd.NewReader(nil, zstd.WithDecoderConcurrency(0), zstd.WithDecoderMaxMemory(256<<20),
		zstd.WithDecoderLowmem(true))
}

// Close waits until the writer has finished its queue and closes the file.
func (in *Inbox) Close() error {
	in.mu.Lock()
	if !in.closed {
		in.closed = true
		close(in.queue)
	}
	in.mu.Unlock()
	<-in.done
	in.checkpoints.Close()
	return in.f.Close()
}

// Broken is closed once the file has failed in a way that only opening it
// again may repair; Cause then returns the error.
func (in *Inbox) Broken() <-chan struct{} { return in.broken }

// Cause returns why Broken was closed.
func (in *Inbox) Cause() error { return in.cause }

// breakDown makes the inbox refuse all further writes. After a failed fsync
// the content of the disk is unknown, and a replaced file keeps nothing:
// a later commit that seems to work could not be trusted.
func (in *Inbox) breakDown(cause error) {
	in.breaking.Do(func() {
		in.cause = cause
		close(in.broken)
	})
}

// Ready reports whether a delivery could be made durable now, as far as can be
// known without writing.
func (in *Inbox) Ready() error {
	select {
	case <-in.broken:
		return fmt.Errorf("inbox.db: %w", in.cause)
	default:
	}
	free, err := Free(filepath.Dir(in.f.path))
	if at := in.fullAt.Load(); in.full() || err == nil && at > 0 && free < at+leastFree {
		return ErrFull
	}
	return nil
}

// leastFree is the space that a commit may need, regardless of the configuration.
const leastFree = 1 << 20

// full reports whether less disk space is free than must be kept. If that is
// unknown, writing itself will show it.
func (in *Inbox) full() bool {
	free, err := Free(filepath.Dir(in.f.path))
	return err == nil && free < max(in.lim.MinFree, leastFree)
}

// Put makes a delivery durable and returns its id. A nil error means that the
// bytes survive a power cut. After any other error they may or may not have
// been kept; the sender must send again. Errors are ErrFull, ErrBusy,
// ErrBroken or ctx's own.
func (in *Inbox) Put(ctx context.Context, a Arrival, body []byte) (int64, error) {
	if len(body) > ChunkSize {
		return in.putBig(ctx, a, body)
	}
	if err := in.roomInBacklog(len(body)); err != nil {
		return 0, err
	}
	row := &rowOp{a: a, sum: sha256.Sum256(body), size: int64(len(body)), body: body}
	if len(body) > compressAbove {
		row.body, row.form = in.enc.EncodeAll(body, nil), formZstd
	}
	// The body of a sender that gave up stays in the queue: it counts here too.
	if err := in.submit(ctx, &op{do: row, size: int64(len(row.body)), written: int64(len(row.body))}); err != nil {
		return 0, err
	}
	return row.id, nil
}

// smallBody is the memory that any body may use; larger ones leave a quarter of
// the memory to the others.
const smallBody = 64 << 10

// Hold reserves memory for more bytes of a body that is still being received
// and already holds some; the caller releases them with Unhold. ErrBusy means
// that too much is reserved.
func (in *Inbox) Hold(more, held int64) error {
	leave := int64(0)
	if held+more > smallBody {
		leave = in.memory.most / 4
	}
	if !in.memory.take(more, leave) {
		return fmt.Errorf("bodies in memory over their limit: %w", ErrBusy)
	}
	return nil
}

// Unhold releases what Hold reserved.
func (in *Inbox) Unhold(n int64) { in.memory.give(n) }

// budget limits the bytes of bodies in memory, wherever they
// wait.
type budget struct {
	used atomic.Int64
	most int64
}

// take reserves n if leave remains free after it.
func (b *budget) take(n, leave int64) bool {
	if b.used.Add(n) > b.most-leave {
		b.used.Add(-n)
		return false
	}
	return true
}

func (b *budget) give(n int64) { b.used.Add(-n) }

func (in *Inbox) putBig(ctx context.Context, a Arrival, body []byte) (int64, error) {
	up, err := in.Upload(ctx)
	if err != nil {
		return 0, err
	}
	if _, err := up.Write(body); err != nil {
		return 0, errors.Join(err, up.Abort(context.WithoutCancel(ctx)))
	}
	return up.Commit(ctx, a)
}

// stored counts a durable delivery, whether or not its sender still
// waits.
func (in *Inbox) stored(size int64) {
	in.puts.Add(1)
	in.backlogRows.Add(1)
	in.backlogBytes.Add(size)
	if in.wake != nil {
		select {
		case in.wake <- struct{}{}:
		default: // a wake-up is already pending
		}
	}
}

func (in *Inbox) roomInBacklog(size int) error {
	if in.backlogRows.Load() >= in.lim.BacklogRows || in.backlogBytes.Load()+int64(size) > in.lim.BacklogBytes {
		return fmt.Errorf("backlog over its limit: %w", ErrBusy)
	}
	return nil
}

// Spare returns ErrBusy if more than half of a limit of the backlog is used.
// Work that can wait, such as an import, leaves the other half to Garmin's pushes.
func (in *Inbox) Spare() error {
	if in.backlogRows.Load() >= (in.lim.BacklogRows+1)/2 || in.backlogBytes.Load() > in.lim.BacklogBytes/2 {
		return fmt.Errorf("backlog over half of its limit: %w", ErrBusy)
	}
	return nil
}

// SetBacklog tells the inbox at start what is stored and not yet applied.
func (in *Inbox) SetBacklog(rows, bytes int64) {
	in.backlogRows.Store(rows)
	in.backlogBytes.Store(bytes)
}

// Settle tells the inbox that deliveries were applied.
func (in *Inbox) Settle(rows, bytes int64) {
	in.backlogRows.Add(-rows)
	in.backlogBytes.Add(-bytes)
}

// Backlog is what is stored and not yet applied, as far as is known.
func (in *Inbox) Backlog() (rows, bytes int64) {
	return in.backlogRows.Load(), in.backlogBytes.Load()
}

// Puts counts the deliveries stored since the start; the drain looks at its
// growth to yield while receiving is busy.
func (in *Inbox) Puts() int64 { return in.puts.Load() }

// Queued is the number of bodies that wait for the writer at this moment.
func (in *Inbox) Queued() int64 { return in.queuedRows.Load() }
