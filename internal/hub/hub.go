package hub

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/calllog"
	"github.com/deskbell/deskbell/internal/outbound"
	"github.com/deskbell/deskbell/internal/outbox"
	"github.com/deskbell/deskbell/internal/wire"
)

// bufferPool is shared by all connections: a write buffer is held only while
// something is written.
var bufferPool sync.Pool

const (
	healthEvery = time.Second // how often the log's health is looked at
	tidyEvery   = time.Hour   // how often what has expired is removed
	flushEvery  = time.Second // how long what is written behind is collected
	outboxEvery = time.Second // how often it is looked at what is due to be sent
	// archiveEvery is how long rows of the history are collected: they are
	// derived from the log, and a report reads a few large entries faster than
	// many small ones.
	archiveEvery = time.Minute
	closeFlush   = 5 * time.Second
)

// Config is what a hub needs to know.
type Config struct {
	Dir       string // its data folder; the log lives in Dir/log
	PublicURL string // how Vidaoo reaches it, for Receive URLs: "https://hub.example"
	// TrustedProxies are those whose X-Forwarded-For tells where a request
	// came from.
	TrustedProxies []netip.Prefix
	Meetings       Meetings // asks Vidaoo for those of calls; nil: there is no key
	Vidaoo         Vidaoo   // connects with Vidaoo and keeps the key; nil: the hub can't
	Keep           calllog.Keep
	Logger         *slog.Logger     // nil logs nothing
	Now            func() time.Time // nil: the system's clock
}

// Hub is a running hub, apart from its listeners.
type Hub struct {
	log          *slog.Logger
	now          func() time.Time
	publicURL    string
	proxies      []netip.Prefix
	keepCalls    time.Duration
	calls        *calllog.Log
	directory    *Directory
	live         *live
	dispatcher   *dispatcher
	receipts     *receipts
	payloads     *payloads
	audit        func(context.Context, calllog.Audit) (id uint64, err error)
	archive      *archive
	presences    *presences
	pauses       *pauses
	guard        *guard
	uses         *uses
	meetings     Meetings
	key          keyKnown
	downloads    bounded
	presses      *presses
	vidaoo       Vidaoo
	connecting   connecting
	outbox       *outbox.Outbox
	outside      *outbound.Client
	outward      *outward
	motion       motionKey
	interactions interactions
	stopOutbox   func()
	setting      *settingUp
	tests        testRings
	alerting     sync.Mutex
	alerted      map[string]time.Time // by queue: when supervisors were told of a payload
	oneAccept    keyLock              // by username: an agent takes one call at a time
	oneChange    keyLock              // by call id
	oneRecording keyLock              // by call id: Vidaoo is asked for one thing of a call at a time
	onePresence  keyLock              // by username
	upgrader     *websocket.Upgrader

	ctx        context.Context // ends when the hub closes
	end        context.CancelFunc
	stopFollow func()
	running    sync.WaitGroup // the dispatcher and what is done at intervals
	reading    readers
	reports    *reports
}

// Open starts a hub on its data folder. When it returns, all open calls are in
// memory and the dispatcher runs: what rang before a crash rings again.
func Open(ctx context.Context, c Config) (*Hub, error) {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	h := &Hub{
		log: c.Logger, now: c.Now, publicURL: strings.TrimSuffix(c.PublicURL, "/"), proxies: c.TrustedProxies,
		keepCalls: c.Keep.WithDefaults().Calls,
		alerted:   map[string]time.Time{}, guard: newGuard(), uses: newUses(), meetings: c.Meetings, vidaoo: c.Vidaoo, presses: newPresses(), upgrader: newUpgrader(), reports: newReports(),
	}
	h.ctx, h.end = context.WithCancel(context.WithoutCancel(ctx))
	if err := h.open(ctx, c); err != nil {
		return nil, errors.Join(fmt.Errorf("start the hub: %w", err), h.Close())
	}
	return h, nil
}

func (h *Hub) open(ctx context.Context, c Config) (err error) {
	if h.calls, err = calllog.Open(ctx, filepath.Join(c.Dir, "log"), c.Keep, c.Logger); err != nil {
		return err
	}
	if h.directory, err = openDirectory(h.ctx, h.calls); err != nil {
		return err
	}
	h.audit = h.calls.AppendAudit
	h.receipts = &receipts{write: h.calls.AppendReceipts, log: c.Logger}
	h.payloads = &payloads{write: h.calls.AppendPayload, log: c.Logger}
	h.presences = &presences{write: h.calls.AppendPresences, log: c.Logger}
	h.pauses = &pauses{write: h.keepPause, log: c.Logger}
	h.archive = &archive{write: h.calls.Archive, offers: h.directory.offers, log: c.Logger}
	if h.archive.done, err = h.calls.Archived(ctx); err != nil {
		return err
	}
	h.outside = outbound.New(nil, c.Now)
	h.outbox = outbox.New(outbox.Config{Send: h.deliver, Settle: h.calls.SettleDelivery, Drop: h.calls.DropDelivery, Now: c.Now, Log: c.Logger})
	h.dispatcher = newDispatcher(c.Now, c.Logger)
	h.live = newLive(h.directory, c.Now, h.dispatcher.wake)
	h.lookForKey()
	h.live.mayRecord = h.mayRecord
	h.archive.settled = h.live.settled
	h.outward = &outward{write: h.tellOutside, wanted: h.wantedOutside, log: c.Logger, recent: min(outbox.For, h.keepCalls/2), now: c.Now}
	h.motion = motionKey{dir: c.Dir, credentials: os.Getenv("CREDENTIALS_DIRECTORY")}
	h.live.outward = h.outward.found
	h.live.archive, h.dispatcher.live, h.dispatcher.append = h.archive.add, h.live, h.calls.Append
	if h.stopFollow, err = h.calls.Follow(ctx, h.live.apply); err != nil {
		return err
	}
	if h.stopOutbox, err = h.calls.FollowDeliveries(h.ctx, h.outbox.Add, h.settledOutside, h.outbox.Start); err != nil {
		return err
	}
	h.live.start(h.presences.note, h.pauses.add, h.outward.add)
	h.directory.onChange(h.live.userChanged, h.live.directoryChanged)
	h.setting = newSettingUp()
	h.run()
	return nil
}

// run starts what a hub does by itself.
func (h *Hub) run() {
	h.running.Go(func() { h.dispatcher.run(h.ctx) })
	h.running.Go(h.spreadNews)
	h.running.Go(func() { h.every(numbersEvery, h.live.tellNumbers) })
	h.running.Go(func() { h.every(pingEvery, h.sweep) })
	h.running.Go(func() { h.every(flushEvery, func() { h.flushSoon(h.ctx) }) })
	h.running.Go(func() { h.every(outboxEvery, h.outbox.Tick) })
	h.running.Go(func() { h.outward.run(h.ctx) })
	h.running.Go(func() { h.every(archiveEvery, func() { h.archive.flush(h.ctx) }) })
	h.running.Go(func() { h.every(calllog.WholeEvery, func() { h.presences.noteAll(h.live.allPresence()) }) })
	h.running.Go(func() { h.every(keyEvery, h.lookForKey) })
	h.running.Go(func() { h.every(tidyEvery, h.removeExpired) })
	h.running.Go(func() { h.every(usesEvery, h.keepUses) })
	h.running.Go(func() {
		h.sweepLog()
		h.every(tidyEvery, h.sweepLog)
	})
	h.presences.noteAll(h.live.allPresence())
}

// flush writes what is written behind.
func (h *Hub) flush(ctx context.Context) {
	h.flushSoon(ctx)
	h.archive.flush(ctx)
}

// flushSoon writes what may not wait long.
func (h *Hub) flushSoon(ctx context.Context) {
	h.receipts.flush(ctx)
	h.payloads.flush(ctx)
	h.presences.flush(ctx)
	h.pauses.flush(ctx)
	if h.archive.many() {
		h.archive.flush(ctx)
	}
}

// every does something at intervals until the hub closes.
func (h *Hub) every(d time.Duration, do func()) {
	tick := time.NewTicker(d)
	defer tick.Stop()
	for {
		select {
		case <-h.ctx.Done():
			return
		case <-tick.C:
			do()
		}
	}
}

// sweepLog removes calls that ended longer ago than they are kept. Their rows in
// the history come first.
func (h *Hub) sweepLog() {
	h.flush(h.ctx)
	n, err := h.calls.Sweep(h.ctx, h.now().Add(-h.keepCalls))
	switch {
	case h.ctx.Err() != nil:
	case err != nil:
		h.log.Warn("old calls not removed; it is tried again", "err", err)
	case n > 0:
		h.log.Info("old calls removed", "count", n)
	}
}

// Directory is the hub's users and queues, for whoever runs it in process.
func (h *Hub) Directory() *Directory { return h.directory }

// OpenCalls lists the open calls, longest waiting first.
func (h *Hub) OpenCalls() []call.Call {
	return h.live.open(func(call.Call) bool { return true })
}

// Failed waits until the log can't be written any more and says so; nil when
// the hub closes before. Nothing but a new start helps then.
func (h *Hub) Failed() error {
	tick := time.NewTicker(healthEvery)
	defer tick.Stop()
	for {
		if err := h.calls.Check(h.ctx); err != nil {
			return err
		}
		select {
		case <-h.ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// Connected counts the apps that are connected.
func (h *Hub) Connected() int { return len(h.live.connected("")) }

// Close tells the apps that the hub restarts, and closes the log. What was
// answered is on disk.
func (h *Hub) Close() error {
	h.reading.refuse()
	h.connecting.refuse()
	h.stopTests()
	if h.live != nil {
		for _, c := range h.live.connected("") {
			c.close(wire.CloseRestart)
		}
		late := time.AfterFunc(closeTimeout, func() {
			for _, c := range h.live.connected("") {
				c.ws.Close()
			}
		})
		defer late.Stop()
	}
	h.reading.wait()
	h.reports.refuse()
	h.end()
	h.reports.wait()
	h.connecting.group.Wait()
	h.running.Wait()
	if h.dispatcher != nil { // and so all that is written behind
		ctx, cancel := context.WithTimeout(context.Background(), closeFlush)
		defer cancel()
		h.flush(ctx)
	}
	if h.stopFollow != nil {
		h.stopFollow()
	}
	h.closeOutbox()
	if h.calls == nil {
		return nil
	}
	return h.calls.Close()
}
