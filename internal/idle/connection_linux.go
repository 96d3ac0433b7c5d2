package idle

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/godbus/dbus/v5"
)

// maxSignals is how many signals may wait to be read.
const maxSignals = 256

// ownerChanged is the bus's signal that a service comes, restarts or goes.
const ownerChanged = busName + ".NameOwnerChanged"

// dialer makes a connection that is not yet greeted.
type dialer func(...dbus.ConnOption) (*dbus.Conn, error)

// connection is a connection of our own to a bus: the process-wide one of
// godbus is closed by others.
type connection struct {
	*dbus.Conn
	signals chan *dbus.Signal
	dropped atomic.Uint64 // signals
	log     *slog.Logger
	cancel  context.CancelFunc // closes the connection
}

// connect connects and subscribes to what the witnesses signal.
func connect(ctx context.Context, dial dialer, deadline time.Duration, witnesses []witness, log *slog.Logger) (*connection, error) {
	// Ending its context closes the connection, which is what interrupts a
	// handshake that hangs.
	life, cancel := context.WithCancel(ctx)
	c := &connection{signals: make(chan *dbus.Signal, maxSignals), log: log, cancel: cancel}
	timeout := time.AfterFunc(deadline, cancel)
	err := c.greet(life, dial)
	if !timeout.Stop() && err == nil {
		err = context.DeadlineExceeded
	}
	for _, w := range witnesses {
		if err == nil {
			err = c.subscribe(life, deadline, w)
		}
	}
	if err != nil {
		c.close()
		return nil, err
	}
	return c, nil
}

func (c *connection) greet(life context.Context, dial dialer) (err error) {
	if c.Conn, err = dial(dbus.WithContext(life), dbus.WithSignalHandler(c)); err != nil {
		return err
	}
	if err := c.Auth(nil); err != nil {
		return err
	}
	return c.Hello()
}

func (c *connection) subscribe(ctx context.Context, deadline time.Duration, w witness) error {
	ctx, cancel := context.WithTimeout(ctx, deadline)
	defer cancel()
	err := c.AddMatchSignalContext(ctx,
		dbus.WithMatchSender(busName),
		dbus.WithMatchMember("NameOwnerChanged"),
		dbus.WithMatchArg(0, w.service()))
	if rule := w.signals(); rule != nil {
		err = errors.Join(err, c.AddMatchSignalContext(ctx, rule...))
	}
	return err
}

// lost is closed when the connection is.
func (c *connection) lost() <-chan struct{} { return c.Context().Done() }

func (c *connection) close() {
	c.cancel()
	if n := c.dropped.Load(); n > 0 {
		c.log.Warn("desktop signals dropped", "dropped", n)
	}
	if c.Conn != nil {
		// The error is that of a socket we are done with.
		_ = c.Conn.Close()
	}
}

// DeliverSignal is called by the reader of the connection and never blocks it.
// If too many wait, something important may be among those that are lost: the
// next connection asks for everything.
func (c *connection) DeliverSignal(_, _ string, s *dbus.Signal) {
	select {
	case c.signals <- s:
	default:
		if c.dropped.Add(1) == 1 {
			c.log.Warn("too many desktop signals wait, connecting anew")
			c.cancel()
		}
	}
}
